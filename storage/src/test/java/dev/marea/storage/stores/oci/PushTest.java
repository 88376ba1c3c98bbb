package dev.marea.storage.stores.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Unpack.Compression;
import dev.marea.storage.stores.Canned;
import dev.marea.storage.stores.Canned.Said;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {
    private static final Reference TARGET = Reference.read("ghcr.io/acme/iris:1").orElseThrow();
    @TempDir Path root;
    private final Map<String, byte[]> blobs = new HashMap<>();
    private ByteArrayOutputStream session = new ByteArrayOutputStream();
    private byte[] manifest = new byte[0];
    private int cuts;

    @BeforeEach
    void model() throws Exception {
        Files.writeString(Files.createDirectories(root.resolve("model/sub")).resolve("a.txt"), "a");
        Files.writeString(root.resolve("model/b.txt"), "b".repeat(100_000));
    }

    @Test
    void theDigestIsThatOfTheManifestWhichNamesEveryBlob() throws Exception {
        var pushed = push();
        assertThat(pushed.digest()).isEqualTo(Manifests.digest(manifest));
        assertThat(pushed.uri()).isEqualTo("oci://ghcr.io/acme/iris@" + pushed.digest());
        assertThat(blobs)
                .hasSize(2)
                .allSatisfy(
                        (digest, bytes) -> assertThat(Manifests.digest(bytes)).isEqualTo(digest));
        var text = new String(manifest, java.nio.charset.StandardCharsets.UTF_8);
        assertThat(blobs.keySet()).allMatch(text::contains);
        assertThat(root.resolve("work")).isEmptyDirectory();
    }

    @Test
    void whatTheRegistryHasIsNotSentAgain() throws Exception {
        var first = push();
        var again = push();
        assertThat(first.bytes()).isPositive();
        assertThat(again.bytes()).isZero();
        assertThat(again.digest()).isEqualTo(first.digest());
    }

    @Test
    void aPieceThatWasCutGoesOnFromWhereTheRegistryIs() throws Exception {
        cuts = 2;
        push();
        assertThat(blobs)
                .allSatisfy(
                        (digest, bytes) -> assertThat(Manifests.digest(bytes)).isEqualTo(digest));
    }

    @Test
    void aRegistryThatTakesNothingIsGivenUp() {
        cuts = Integer.MAX_VALUE;
        assertThatThrownBy(this::push)
                .hasMessageContaining("oci://ghcr.io/acme/iris:1")
                .hasMessageContaining("416");
    }

    @Test
    void aDirectoryWithALinkThatLeadsOutIsNotPushed() throws Exception {
        Files.createSymbolicLink(root.resolve("model/passwd"), Path.of("/etc/passwd"));
        assertThatThrownBy(this::push).hasMessageContaining("passwd").hasMessageContaining("links");
    }

    @Test
    void anEmptyDirectoryIsNotPushed() throws Exception {
        var empty = Files.createDirectory(root.resolve("empty"));
        assertThatThrownBy(() ->
                        new Push(Access.NONE, registry(), root)
                                .push(empty, TARGET, Compression.GZIP, Push.Watcher.NOBODY))
                .hasMessageContaining("holds no file");
    }

    private Push.Pushed push() throws Exception {
        return new Push(Access.NONE, registry(), root.resolve("work"))
                .push(root.resolve("model"), TARGET, Compression.NONE, Push.Watcher.NOBODY);
    }

    private Canned registry() {
        return new Canned(this::answer);
    }

    private Said answer(HttpRequest request) {
        var path = request.uri().getPath();
        var uploads = "/v2/acme/iris/blobs/uploads/";
        return switch (request.method()) {
            case "HEAD" ->
                    Said.of(
                            blobs.containsKey(path.substring(path.lastIndexOf('/') + 1))
                                    ? 200
                                    : 404,
                            "");
            case "POST" -> {
                session = new ByteArrayOutputStream();
                yield Said.of(202, "").with("Location", uploads + "session?state=1");
            }
            case "PATCH" -> piece(body(request));
            case "PUT" -> path.startsWith(uploads) ? finished(request) : manifest(request);
            default -> path.equals("/v2/") ? Said.of(200, "{}") : state();
        };
    }

    /** Half of a piece arrives before the cut. */
    private Said piece(byte[] bytes) {
        if (cuts > 0) {
            cuts--;
            session.write(bytes, 0, cuts > 1_000 ? 0 : bytes.length / 2);
            return Said.of(416, "");
        }
        session.writeBytes(bytes);
        return state();
    }

    private Said state() {
        var said = Said.of(202, "").with("Location", "/v2/acme/iris/blobs/uploads/session?state=2");
        return session.size() == 0
                ? said.with("Range", "none")
                : said.with("Range", "0-" + (session.size() - 1));
    }

    private Said finished(HttpRequest request) {
        session.writeBytes(body(request));
        blobs.put(request.uri().getQuery().replaceFirst(".*digest=", ""), session.toByteArray());
        return Said.of(201, "");
    }

    private Said manifest(HttpRequest request) {
        manifest = body(request);
        return Said.of(201, "");
    }

    private static byte[] body(HttpRequest request) {
        var bytes = new ByteArrayOutputStream();
        var end = new CompletableFuture<byte[]>();
        request.bodyPublisher()
                .orElseThrow()
                .subscribe(
                        new Flow.Subscriber<ByteBuffer>() {
                            @Override
                            public void onSubscribe(Flow.Subscription subscription) {
                                subscription.request(Long.MAX_VALUE);
                            }

                            @Override
                            public void onNext(ByteBuffer piece) {
                                var array = new byte[piece.remaining()];
                                piece.get(array);
                                bytes.writeBytes(array);
                            }

                            @Override
                            public void onError(Throwable failed) {
                                end.completeExceptionally(failed);
                            }

                            @Override
                            public void onComplete() {
                                end.complete(bytes.toByteArray());
                            }
                        });
        return end.join();
    }
}
