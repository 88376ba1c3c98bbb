package dev.marea.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.marea.server.grpc.InferTarget;
import dev.marea.server.rest.V1Target;
import dev.marea.server.rest.V2BinaryTarget;
import dev.marea.server.rest.V2Target;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every request that fuzzing has kept ends in tensors or a declared refusal, soon and in little
 * memory. Whatever else is thrown fails the test.
 */
class FuzzCorpusTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");

    /** Generous: the machine may be busy, and classes are loaded meanwhile. */
    private static final Duration TIME_MAX = Duration.ofSeconds(5);

    private static final long BYTES_MAX = 16L << 20;

    private static final Map<String, Consumer<byte[]>> TARGETS =
            Map.of(
                    "v1", V1Target::fuzzerTestOneInput,
                    "v2", V2Target::fuzzerTestOneInput,
                    "v2-binary", V2BinaryTarget::fuzzerTestOneInput,
                    "grpc", InferTarget::fuzzerTestOneInput);

    @TestFactory
    Stream<DynamicTest> keptInputsEndWell() throws Exception {
        return files().stream()
                .map(file -> dynamicTest(CORPUS.relativize(file).toString(), () -> replay(file)));
    }

    @Test
    void everyTargetHasKeptInputs() throws Exception {
        assertThat(files()).extracting(FuzzCorpusTest::targetOf).containsAll(TARGETS.keySet());
    }

    private static List<Path> files() throws Exception {
        try (var files = Files.walk(CORPUS)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String targetOf(Path file) {
        return CORPUS.relativize(file).getName(0).toString();
    }

    private static void replay(Path file) throws Exception {
        assertThat(TARGETS).containsKey(targetOf(file));
        var bytes = Files.readAllBytes(file);
        long allocated = allocated();
        long started = System.nanoTime();
        Objects.requireNonNull(TARGETS.get(targetOf(file))).accept(bytes);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(TIME_MAX);
        assertThat(allocated() - allocated).isLessThan(BYTES_MAX);
    }

    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
