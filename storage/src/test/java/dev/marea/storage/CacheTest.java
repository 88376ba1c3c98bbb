package dev.marea.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.cache.NodeCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node fetches once, whoever asks, and forgets only what nobody uses. */
class CacheTest {
    private static final byte[] CONTENT = Fetches.bytes(300_000, 3);

    @TempDir Path directory;
    private Web web;

    @BeforeEach
    void open() throws Exception {
        web = new Web().file("/m.bin", CONTENT);
    }

    @AfterEach
    void close() throws Exception {
        web.close();
    }

    private Path root() {
        return directory.resolve("cache");
    }

    private Storage storage(long bytesMax) {
        return new Storage(Fetches.quick().with(new StorageSettings.Cache(root(), bytesMax)));
    }

    private NodeCache cache() {
        return new NodeCache(root(), Long.MAX_VALUE, Clock.systemUTC());
    }

    private Path replica(String name) {
        return directory.resolve("pods").resolve(name);
    }

    private static Object inode(Path file) throws Exception {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void aSecondReplicaLinksWhatTheFirstFetched() throws Exception {
        var storage = storage(Long.MAX_VALUE);
        var first = storage.fetch(web.url("/m.bin"), replica("a"));
        var gets = web.gets("/m.bin").size();
        var second = storage.fetch(web.url("/m.bin"), replica("b"));

        assertThat(first.network()).isEqualTo(CONTENT.length);
        assertThat(second.network()).isZero();
        assertThat(web.gets("/m.bin")).hasSize(gets);
        assertThat(inode(replica("b").resolve("m.bin")))
                .isEqualTo(inode(replica("a").resolve("m.bin")));
    }

    @Test
    void whatReplicasReadCannotBeWrittenTo() throws Exception {
        storage(Long.MAX_VALUE).fetch(web.url("/m.bin"), replica("a"));
        var may = Files.getPosixFilePermissions(replica("a").resolve("m.bin"));
        assertThat(PosixFilePermissions.toString(may)).isEqualTo("r--r--r--");
    }

    @Test
    void aFileThatSomebodyWroteToIsBroughtAnew() throws Exception {
        var storage = storage(Long.MAX_VALUE);
        storage.fetch(web.url("/m.bin"), replica("a"));
        var file = replica("a").resolve("m.bin");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.write(file, new byte[CONTENT.length]); // of the same size

        var second = storage.fetch(web.url("/m.bin"), replica("b"));

        assertThat(second.network()).isEqualTo(CONTENT.length);
        assertThat(replica("b").resolve("m.bin")).hasBinaryContent(CONTENT);
    }

    @Test
    void theSameBytesUnderAnotherNameTakeNoMoreRoom() throws Exception {
        web.file("/other.bin", CONTENT);
        var storage = storage(Long.MAX_VALUE);
        storage.fetch(web.url("/m.bin"), replica("a"));
        storage.fetch(web.url("/other.bin"), replica("b"));
        assertThat(inode(replica("a").resolve("m.bin")))
                .isEqualTo(inode(replica("b").resolve("other.bin")));
        assertThat(blobs()).hasSize(1);
    }

    @Test
    void manyWhoAskAtOnceFetchOnce() throws Exception {
        var storage = storage(Long.MAX_VALUE);
        var start = new CountDownLatch(1);
        var fetches = new ArrayList<Future<Fetched>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                var pod = replica("p" + i);
                fetches.add(
                        threads.submit(() -> {
                            start.await();
                            return storage.fetch(web.url("/m.bin"), pod);
                        }));
            }
            start.countDown();
        }
        long network = 0;
        for (var fetch : fetches) {
            network += fetch.get().network();
        }
        assertThat(network).isEqualTo(CONTENT.length);
        for (int i = 0; i < 20; i++) {
            assertThat(replica("p" + i).resolve("m.bin")).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void theModelUsedLongestAgoGoesFirstAndNoneThatIsInUse() throws Exception {
        for (int i = 0; i < 4; i++) {
            web.file("/m" + i + ".bin", Fetches.bytes(100_000, 100 + i));
        }
        var storage = storage(250_000);
        storage.fetch(web.url("/m0.bin"), replica("in-use"));
        fetchAndEnd(storage, "/m1.bin");
        fetchAndEnd(storage, "/m2.bin");
        fetchAndEnd(storage, "/m3.bin");

        var kept = cache().list().stream().map(NodeCache.Listed::uri).toList();
        assertThat(kept).containsExactly(web.url("/m3.bin"), web.url("/m0.bin"));
        assertThat(blobs()).hasSize(2);
    }

    private void fetchAndEnd(Storage storage, String path) throws Exception {
        storage.fetch(web.url(path), replica("passing"));
        Files.delete(replica("passing").resolve(path.substring(1)));
    }

    @Test
    void whatIsPinnedStays() throws Exception {
        fetchAndEnd(storage(Long.MAX_VALUE), "/m.bin");
        assertThat(cache().pin(web.url("/m.bin"), true)).isEqualTo(1);
        cache().prune(0);
        assertThat(cache().list()).singleElement().matches(NodeCache.Listed::pin);

        cache().pin(web.url("/m.bin"), false);
        var pruned = cache().prune(0);
        assertThat(pruned.bytes()).isEqualTo(CONTENT.length);
        assertThat(cache().list()).isEmpty();
        assertThat(blobs()).isEmpty();
    }

    @Test
    void aNewVersionBringsOnlyWhatIsNew() throws Exception {
        var storage = storage(Long.MAX_VALUE);
        storage.fetch(web.url("/m.bin"), replica("a"));
        var newer = Fetches.bytes(CONTENT.length, 4);
        web.on("/m.bin", Web.file(newer, "\"v2\""));

        storage.fetch(web.url("/m.bin"), replica("b"));

        assertThat(replica("a").resolve("m.bin")).hasBinaryContent(CONTENT);
        assertThat(replica("b").resolve("m.bin")).hasBinaryContent(newer);
        web.file("/m.bin", CONTENT);
        assertThat(storage.fetch(web.url("/m.bin"), replica("c")).network()).isZero();
    }

    @Test
    void whatTellsNoVersionIsBroughtEachTime() throws Exception {
        web.on("/plain.bin", (request, out) -> Web.range(request, out, CONTENT, ""));
        var storage = storage(Long.MAX_VALUE);
        storage.fetch(web.url("/plain.bin"), replica("a"));
        assertThat(storage.fetch(web.url("/plain.bin"), replica("b")).network())
                .isEqualTo(CONTENT.length);
    }

    @Test
    void damagedManifestsAreForgotten() throws Exception {
        var storage = storage(Long.MAX_VALUE);
        storage.fetch(web.url("/m.bin"), replica("a"));
        try (var models = Files.list(root().resolve("models"))) {
            for (var model : models.toList()) {
                Files.writeString(model, "marea model 1\nuri x\n");
            }
        }
        assertThat(cache().list()).isEmpty();
        storage.fetch(web.url("/m.bin"), replica("b"));
        assertThat(replica("b").resolve("m.bin")).hasBinaryContent(CONTENT);
    }

    @Test
    void aFetchThatFailedGoesOnWhereItWas() throws Exception {
        var good = Web.file(CONTENT, "\"v1\"");
        var served = new java.util.concurrent.atomic.AtomicInteger();
        web.on(
                "/m.bin",
                (request, out) ->
                        (request.head() || served.incrementAndGet() <= 2)
                                ? good.to(request, out)
                                : Web.write(out, 403, "", ""));
        assertThatThrownBy(() -> storage(Long.MAX_VALUE).fetch(web.url("/m.bin"), replica("a")))
                .hasMessageContaining("403");
        web.on("/m.bin", good);
        // Files of less than a MiB begin anew; this one has parts, and is larger than that.
        var big = Fetches.bytes(3 << 20, 9);
        var bigGood = Web.file(big, "\"b1\"");
        served.set(0);
        web.on(
                "/big.bin",
                (request, out) ->
                        (request.head() || served.incrementAndGet() <= 20)
                                ? bigGood.to(request, out)
                                : Web.write(out, 403, "", ""));
        assertThatThrownBy(() -> storage(Long.MAX_VALUE).fetch(web.url("/big.bin"), replica("a")))
                .hasMessageContaining("403");
        web.on("/big.bin", bigGood);
        var fetched = storage(Long.MAX_VALUE).fetch(web.url("/big.bin"), replica("a"));
        assertThat(replica("a").resolve("big.bin")).hasBinaryContent(big);
        assertThat(fetched.network()).isLessThanOrEqualTo(big.length - 17L * (64 << 10));
    }

    private List<Path> blobs() throws Exception {
        try (var files = Files.list(root().resolve("blobs"))) {
            return files.toList();
        }
    }
}
