package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.marea.server.models.ModelSettings;
import dev.marea.server.models.Models;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged models: each becomes a model all the same (a flipped bit in a weight is a weight), or a
 * load failure that names its file; never anything else, and the process lives. ONNX's files have a
 * test of their own: its native library reads them.
 */
@Timeout(300)
class DamagedModelsTest {
    private static final Path EXAMPLES = Path.of("..", "..", "examples", "models");
    private static final List<String> ENDINGS =
            List.of(".pkl", ".pickle", ".joblib", ".ubj", ".bst", ".deprecated", ".txt", ".json");

    /** Large files cost much and show nothing else. */
    private static final long BYTES_MAX = 300_000;

    private static final int FLIPS = 6;

    /** All of them take minutes and passed: -Dmarea.damage.every=1. */
    private static final int EVERY = 13;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    static List<Path> models() throws IOException {
        try (var files = Files.walk(EXAMPLES)) {
            var all = files.filter(DamagedModelsTest::isModel).sorted().toList();
            int every = Integer.getInteger("marea.damage.every", EVERY);
            return IntStream.range(0, all.size())
                    .filter(i -> i % every == 0)
                    .mapToObj(all::get)
                    .toList();
        }
    }

    private static boolean isModel(Path file) {
        var name = file.getFileName().toString();
        try {
            return name.startsWith("model.")
                    && ENDINGS.stream().anyMatch(name::endsWith)
                    && Files.size(file) <= BYTES_MAX;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void neverEndsInAnythingButALoadFailure(Path model) throws IOException {
        var whole = Files.readAllBytes(model);
        var random = new Random(Arrays.hashCode(whole));
        var name = model.getFileName().toString();

        mustFail(name, new byte[0]);
        load(name, Arrays.copyOf(whole, whole.length - 1));
        load(name, Arrays.copyOf(whole, whole.length / 2)); // LightGBM's notes behind its trees
        mustFail(name, Arrays.copyOf(whole, whole.length / 8));
        flips(whole, random)
                .forEach(at -> {
                    var damaged = whole.clone();
                    damaged[at] ^= (byte) (1 << random.nextInt(8));
                    load(name, damaged);
                });
    }

    /** Every 4096th byte, and some others. */
    private static Stream<Integer> flips(byte[] whole, Random random) {
        var regular = Stream.iterate(0, at -> at < whole.length, at -> at + 4_096).limit(FLIPS);
        var seeded = random.ints(FLIPS, 0, whole.length).boxed();
        return Stream.concat(regular, seeded);
    }

    @Test
    void aFileThatChangesUnderALoadedModelChangesNothing() throws Exception {
        for (var model : List.of("parity/forest-joblib", "old/linear", "lightgbm/constant")) {
            var original = modelIn(EXAMPLES.resolve(model));
            var file = home.resolve(original.getFileName());
            Files.copy(original, file, StandardCopyOption.REPLACE_EXISTING);
            try (var models = new Models(new ModelSettings("m", file, Optional.empty(), false))) {
                models.start(Main.runtimes());
                var before = ask(models);

                Files.write(file, new byte[0]);

                assertThat(ask(models)).as(model).isEqualTo(before);
            }
            Files.delete(file);
        }
    }

    private static Path modelIn(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(DamagedModelsTest::isModel).findFirst().orElseThrow();
        }
    }

    private static List<Tensor> ask(Models models) throws Exception {
        try (var lease = models.leaseLoading("m", Optional.empty())) {
            var input = lease.loaded().metadata().inputs().getFirst();
            int width = Math.max(1, input.shape().getLast());
            var row = Tensor.of(input.name(), new int[] {1, width}, new double[width]);
            return lease.loaded().predict(List.of(row), lease.asked(List.of()));
        }
    }

    private void mustFail(String name, byte[] bytes) {
        assertThat(load(name, bytes)).as("%d bytes of a whole", bytes.length).isPresent();
    }

    private Optional<LoadFailure> load(String name, byte[] bytes) {
        var file = home.resolve(name);
        try {
            Files.write(file, bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        var settings = new ModelSettings("m", file, Optional.empty(), false);
        try (var models = new Models(settings)) {
            models.start(Main.runtimes());
            return Optional.empty();
        } catch (LoadFailure failure) {
            assertThat(failure).hasMessageContaining(name);
            if (String.valueOf(failure.getMessage()).contains("unexpectedly")) {
                fail("a bug and no reason", failure);
            }
            return Optional.of(failure);
        }
    }
}
