package dev.marea.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Row S14: whenever a fetch is killed, nothing half is published, and the next try goes on. The
 * kills are few here; {@code -Dmarea.kills=200} makes them many.
 */
class CrashTest {
    private static final int KILLS = Integer.getInteger("marea.kills", 6);
    private static final int BYTES = 24 << 20;
    private static final int SMALL = 60;

    @TempDir Path directory;
    private Web web;
    private byte[] content;
    private byte[] archive;

    @BeforeEach
    void open() throws Exception {
        content = Fetches.bytes(BYTES, 21);
        archive = archive();
        web = new Web().file("/model.bin", content).file("/model.tar", archive);
    }

    @AfterEach
    void close() throws Exception {
        web.close();
    }

    private static byte[] archive() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (int i = 0; i < SMALL; i++) {
                var entry = new TarArchiveEntry("d/f" + i);
                entry.setSize(40_000);
                tar.putArchiveEntry(entry);
                tar.write(Fetches.bytes(40_000, i));
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aKilledFetchPublishesNothingHalfAndTheNextOneGoesOn() throws Exception {
        long nanos = whole(directory.resolve("measured"));
        long seed = Long.getLong("marea.seed", 42);
        var chance = new Random(seed);
        int killed = 0;
        long spared = 0;
        for (int round = 0; killed < KILLS; round++) {
            var home = directory.resolve("round" + round);
            for (int kill = 0; kill < 3 && kill(home, chance.nextLong(nanos)); kill++) {
                killed++;
                nothingIsHalf(home, seed);
            }
            spared += BYTES - finish(home);
        }
        assertThat(spared).as("bytes that came only once, seed %d", seed).isPositive();
    }

    /** The child's life between its first word and its end. */
    private long whole(Path home) throws Exception {
        var child = child(home);
        begun(child);
        long began = System.nanoTime();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Math.max(1, System.nanoTime() - began);
    }

    private boolean kill(Path home, long afterNanos) throws Exception {
        var child = child(home);
        begun(child);
        boolean ended = child.waitFor(afterNanos, TimeUnit.NANOSECONDS);
        child.destroyForcibly().waitFor();
        return !ended;
    }

    private Process child(Path home) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        home.toString(),
                        web.url("/model.bin"),
                        web.url("/model.tar"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void begun(Process child) throws IOException {
        assertThat(child.getInputStream().read()).isEqualTo('b');
    }

    private void nothingIsHalf(Path home, long seed) throws Exception {
        for (var blob : list(home.resolve("cache/blobs"))) {
            var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(blob));
            assertThat(HexFormat.of().formatHex(digest))
                    .as("a blob, seed %d", seed)
                    .isEqualTo(blob.getFileName().toString());
        }
        var model = home.resolve("pod1/model.bin");
        if (Files.exists(model)) {
            assertThat(Files.size(model)).as("a model, seed %d", seed).isEqualTo(BYTES);
        }
        var files = list(home.resolve("pod2/d"));
        assertThat(files.size()).as("an archive's files, seed %d", seed).isIn(0, SMALL);
    }

    /** Ends it undisturbed; returns how many bytes of the large file the network brought. */
    private long finish(Path home) throws Exception {
        var fetched = Child.storage(home).fetch(web.url("/model.bin"), home.resolve("pod1"));
        Child.storage(home).fetch(web.url("/model.tar"), home.resolve("pod2"));
        assertThat(home.resolve("pod1/model.bin")).hasBinaryContent(content);
        for (int i = 0; i < SMALL; i++) {
            assertThat(home.resolve("pod2/d/f" + i)).hasBinaryContent(Fetches.bytes(40_000, i));
        }
        assertThat(list(home.resolve("cache/parts")).stream().filter(Files::isDirectory)).isEmpty();
        return fetched.network();
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    /** What is killed. */
    static final class Child {
        private Child() {}

        static Storage storage(Path home) {
            return new Storage(
                    Fetches.quick()
                            .with(
                                    new StorageSettings.Cache(
                                            home.resolve("cache"), Long.MAX_VALUE)));
        }

        public static void main(String[] args) throws Exception {
            var home = Path.of(args[0]);
            System.out.print("b");
            System.out.flush();
            storage(home).fetch(args[1], home.resolve("pod1"));
            storage(home).fetch(args[2], home.resolve("pod2"));
        }
    }
}
