package dev.marea.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.archive.Budget;
import dev.marea.storage.store.FetchFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S01, S03 and S04 of the trust contract: what archives hold that is no model. */
class ArchivesTest {
    private static final byte[] WEIGHTS = Fetches.bytes(2 << 20, 11);

    @TempDir Path directory;
    private Web web;
    private Storage storage;

    @BeforeEach
    void open() throws Exception {
        web = new Web();
        storage =
                new Storage(
                        Fetches.quick()
                                .with(
                                        new StorageSettings.Cache(
                                                directory.resolve("cache"), Long.MAX_VALUE))
                                .with(new Budget(48 << 20, 1_000, 50, 1 << 20)));
    }

    @AfterEach
    void close() throws Exception {
        web.close();
    }

    private interface Filling<T> {
        void into(T archive) throws IOException;
    }

    private static byte[] tar(Filling<TarArchiveOutputStream> filling) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            filling.into(tar);
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(Filling<ZipArchiveOutputStream> filling) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            filling.into(zip);
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content)
            throws IOException {
        var entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        entry.setMode(0104755); // setuid, executable
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void put(ZipArchiveOutputStream zip, String name, byte[] content)
            throws IOException {
        zip.putArchiveEntry(new ZipArchiveEntry(name));
        zip.write(content);
        zip.closeArchiveEntry();
    }

    private static void special(TarArchiveOutputStream tar, String name, byte type, String target)
            throws IOException {
        var entry = new TarArchiveEntry(name, type);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private Path target() {
        return directory.resolve("pod/models");
    }

    private void fetch(String name, byte[] archive) throws Exception {
        web.file("/" + name, archive);
        storage.fetch(web.url("/" + name), target());
    }

    private void refused(String name, byte[] archive, String... words) throws Exception {
        assertThatThrownBy(() -> fetch(name, archive))
                .isInstanceOfSatisfying(
                        FetchFailure.class, f -> assertThat(f.retryable()).isFalse())
                .hasMessageContainingAll(words);
        assertThat(target())
                .satisfiesAnyOf(
                        t -> assertThat(t).doesNotExist(), t -> assertThat(t).isEmptyDirectory());
        try (var blobs = Files.list(directory.resolve("cache/blobs"))) {
            assertThat(blobs).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.tar", "m.tar.gz", "m.tgz"})
    void aTarIsUnpackedWithoutModes(String name) throws Exception {
        var plain =
                tar(tar -> {
                    put(
                            tar,
                            "./config.json",
                            "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    put(tar, "1/weights.bin", WEIGHTS);
                });
        fetch(name, name.endsWith("gz") ? gzip(plain) : plain);
        assertThat(target().resolve("config.json")).hasContent("{}");
        assertThat(target().resolve("1/weights.bin")).hasBinaryContent(WEIGHTS);
        assertThat(Files.isExecutable(target().resolve("config.json"))).isFalse();
        assertThat(target().resolve(name)).doesNotExist();
    }

    @Test
    void aZipIsUnpacked() throws Exception {
        fetch(
                "m.zip",
                zip(zip -> {
                    put(zip, "a/", new byte[0]);
                    put(zip, "a/weights.bin", WEIGHTS);
                }));
        assertThat(target().resolve("a/weights.bin")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aSecondReplicaUnpacksNothing() throws Exception {
        fetch("m.tar", tar(tar -> put(tar, "weights.bin", WEIGHTS)));
        var second = directory.resolve("pod2/models");
        assertThat(storage.fetch(web.url("/m.tar"), second).network()).isZero();
        assertThat(second.resolve("weights.bin")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void anArchiveThatBreaksOffIsUnpackedOnce() throws Exception {
        var archive = tar(tar -> put(tar, "weights.bin", WEIGHTS));
        var good = Web.file(archive, "\"v1\"");
        var cuts = new AtomicInteger();
        web.on(
                "/m.tar",
                (request, out) -> {
                    if (request.head() || cuts.incrementAndGet() % 9 != 0) {
                        return good.to(request, out);
                    }
                    long length = request.to(archive.length) - request.from() + 1;
                    Web.send(
                            out,
                            "HTTP/1.1 206 P\r\nETag: \"v1\"\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(
                                            request.from(),
                                            request.to(archive.length),
                                            archive.length,
                                            length));
                    out.write(archive, (int) request.from(), (int) length / 2);
                    out.flush();
                    return false;
                });
        storage.fetch(web.url("/m.tar"), target());
        assertThat(target().resolve("weights.bin")).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @CsvSource({
        "../evil, '\"..\"'",
        "a/../../evil, '\"..\"'",
        "/etc/evil, absolute",
        "a\\evil, backslash",
        "C:/evil, drive",
        "a//b, empty step",
    })
    void aNameThatLeavesTheModelRefusesTheWhole(String name, String word) throws Exception {
        refused(
                "m.tar",
                tar(tar -> {
                    put(tar, "good.bin", new byte[10]);
                    var entry = new TarArchiveEntry("x", true);
                    entry.setName(name);
                    if (!entry.getName().equals(name)) { // its own class mends some names
                        entry = new TarArchiveEntry(name, true);
                    }
                    entry.setSize(4);
                    tar.putArchiveEntry(entry);
                    tar.write(new byte[4]);
                    tar.closeArchiveEntry();
                }),
                "refused",
                word);
    }

    @ParameterizedTest
    @CsvSource({
        "../evil, '\"..\"'",
        "a/../../evil, '\"..\"'",
        "/etc/evil, absolute",
        "C:/evil, drive"
    })
    void aNameInAZipThatLeavesTheModelRefusesTheWhole(String name, String word) throws Exception {
        refused(
                "m.zip",
                zip(zip -> {
                    put(zip, "good.bin", new byte[10]);
                    put(zip, name, new byte[4]);
                }),
                "refused",
                word);
    }

    @ParameterizedTest
    @CsvSource({
        "2, symbolic link to /etc/passwd",
        "1, hard link to /etc/passwd",
        "3, device",
        "4, device",
        "6, FIFO",
        "S, sparse",
        "V, device"
    })
    void whatIsNoPlainFileRefusesTheWhole(char type, String word) throws Exception {
        refused(
                "m.tar",
                tar(tar -> special(tar, "innocent", (byte) type, "/etc/passwd")),
                "innocent",
                word);
    }

    @Test
    void aFileBelowALinkIsRefusedWithIt() throws Exception {
        refused(
                "m.tar",
                tar(tar -> {
                    special(tar, "dir", TarConstants.LF_SYMLINK, "/etc");
                    put(tar, "dir/passwd", new byte[3]);
                }),
                "symbolic link");
    }

    @Test
    void namesThatStandTwiceAreRefused() throws Exception {
        refused(
                "twice.tar",
                tar(tar -> {
                    put(tar, "a", new byte[3]);
                    put(tar, "a", new byte[4]);
                }),
                "twice");
        refused(
                "case.tar",
                tar(tar -> {
                    put(tar, "Model.bin", new byte[3]);
                    put(tar, "model.BIN", new byte[4]);
                }),
                "case alone");
        refused(
                "both.tar",
                tar(tar -> {
                    put(tar, "a", new byte[3]);
                    put(tar, "a/b", new byte[4]);
                }),
                "below a");
    }

    @Test
    void aNameOfThreeHundredBytesIsRefused() throws Exception {
        refused("m.tar", tar(tar -> put(tar, "n".repeat(300), new byte[1])), "255 bytes");
    }

    @Test
    void moreEntriesThanAModelHasAreRefused() throws Exception {
        refused(
                "m.tar",
                tar(tar -> {
                    for (int i = 0; i < 1_001; i++) {
                        put(tar, "f" + i, new byte[0]);
                    }
                }),
                "1000 entries");
    }

    @Test
    void aBombIsRefusedLongBeforeItIsOut() throws Exception {
        var bomb = gzip(tar(tar -> put(tar, "zeros", new byte[32 << 20])));
        assertThat(bomb.length).isLessThan(100_000);
        refused("m.tgz", bomb, "bomb");
        var zipped = zip(zip -> put(zip, "zeros", new byte[32 << 20]));
        refused("m.zip", zipped, "bomb");
    }

    @Test
    void moreThanTheBudgetIsRefused() throws Exception {
        var chunk = Fetches.bytes(20 << 20, 5);
        refused(
                "m.tar",
                tar(tar -> {
                    for (var name : new String[] {"a", "b", "c"}) {
                        put(tar, name, chunk);
                    }
                }),
                "limit");
    }

    @Test
    void aBigHonestMemberArrivesWhole() throws Exception {
        var big = Fetches.bytes(40 << 20, 6);
        fetch("m.tar.gz", gzip(tar(tar -> put(tar, "weights.bin", big))));
        assertThat(
                        Files.mismatch(
                                target().resolve("weights.bin"),
                                Files.write(directory.resolve("expected"), big)))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.tar", "m.tgz", "m.zip"})
    void whatIsNoArchiveIsRefused(String name) throws Exception {
        refused(
                name,
                "7z\u00bc\u00af'\u001c and so on, and on and on and on"
                        .repeat(40)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                name);
    }

    @Test
    void anArchiveThatEndsEarlyIsRefused() throws Exception {
        var whole = gzip(tar(tar -> put(tar, "weights.bin", WEIGHTS)));
        refused("m.tgz", Arrays.copyOf(whole, whole.length / 2), "m.tgz");
        var zipped = zip(zip -> put(zip, "weights.bin", WEIGHTS));
        refused("m.zip", Arrays.copyOf(zipped, zipped.length / 2), "m.zip");
    }

    @Test
    void anArchiveInsideAnArchiveStaysPacked() throws Exception {
        var inner = tar(tar -> put(tar, "x", new byte[3]));
        fetch("m.tar", tar(tar -> put(tar, "inner.tar", inner)));
        assertThat(target().resolve("inner.tar")).hasBinaryContent(inner);
    }
}
