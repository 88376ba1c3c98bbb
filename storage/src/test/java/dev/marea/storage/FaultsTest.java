package dev.marea.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S05 to S11 of the trust contract: what stores and networks do wrong. */
class FaultsTest {
    private static final byte[] CONTENT = Fetches.bytes(700_000, 7);

    @TempDir Path directory;
    private Web web;
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final Storage storage = new Storage(Fetches.quick(pauses));

    @BeforeEach
    void open() throws Exception {
        web = new Web();
    }

    @AfterEach
    void close() throws Exception {
        web.close();
    }

    private Path target() {
        return directory.resolve("target");
    }

    private void fetch(String path) throws Exception {
        storage.fetch(web.url(path), target());
    }

    private void arrivesWhole(Web.Answer answer) throws Exception {
        web.on("/m.bin", answer);
        fetch("/m.bin");
        assertThat(target().resolve("m.bin")).hasBinaryContent(CONTENT);
    }

    @Test
    void aBodyThatIsCutGoesOnWhereItBroke() throws Exception {
        var good = Web.file(CONTENT, "\"v1\"");
        var cuts = new ConcurrentHashMap<Long, Boolean>();
        arrivesWhole((request, out) -> {
            if (request.head() || cuts.size() > 2 || cuts.put(request.from(), true) != null) {
                return good.to(request, out);
            }
            long length = request.to(CONTENT.length) - request.from() + 1;
            Web.send(out, head(request, length));
            out.write(CONTENT, (int) request.from(), (int) length / 2);
            out.flush();
            return false;
        });
        assertThat(pauses).isNotEmpty();
        long sent =
                web.gets("/m.bin").stream()
                        .mapToLong(r -> r.to(CONTENT.length) - r.from() + 1)
                        .sum();
        assertThat(sent).isLessThan(2L * CONTENT.length);
    }

    private static String head(Web.Request request, long length) {
        return "HTTP/1.1 206 P\r\nETag: \"v1\"\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n"
                .formatted(request.from(), request.to(CONTENT.length), CONTENT.length, length);
    }

    @Test
    void aBodyShorterThanItSaysOfItselfIsAskedForAgain() throws Exception {
        var good = Web.file(CONTENT, "\"v1\"");
        var first = new AtomicInteger();
        arrivesWhole((request, out) -> {
            if (request.head() || first.getAndIncrement() > 0) {
                return good.to(request, out);
            }
            Web.send(out, head(request, 100)); // a whole answer, and less than was asked for
            out.write(CONTENT, (int) request.from(), 100);
            return true;
        });
    }

    @Test
    void aStoreThatFallsSilentIsAskedAgainAfterTheStallTime() throws Exception {
        var good = Web.file(CONTENT, "\"v1\"");
        var silent = new AtomicInteger();
        arrivesWhole((request, out) -> {
            if (request.head() || silent.getAndIncrement() >= 2) {
                return good.to(request, out);
            }
            Web.send(out, head(request, request.to(CONTENT.length) - request.from() + 1));
            out.write(CONTENT, (int) request.from(), 1_000);
            out.flush();
            return request.socket().getInputStream().read() > 0; // until the client hangs up
        });
    }

    @Test
    void aStoreThatDripsIsAskedAgainAfterTheStallTime() throws Exception {
        var good = Web.file(CONTENT, "\"v1\"");
        var drips = new AtomicInteger();
        arrivesWhole((request, out) -> {
            if (request.head() || drips.getAndIncrement() >= 2) {
                return good.to(request, out);
            }
            Web.send(out, head(request, request.to(CONTENT.length) - request.from() + 1));
            for (int at = (int) request.from(); !hungUp(request); at++) {
                out.write(CONTENT, at, 1);
                out.flush();
            }
            return false;
        });
        assertThat(pauses).isNotEmpty();
    }

    /** Waits a little for that. */
    private static boolean hungUp(Web.Request request) throws IOException {
        request.socket().setSoTimeout(20);
        try {
            return request.socket().getInputStream().read() < 0;
        } catch (SocketTimeoutException notYet) {
            return false;
        }
    }

    @Test
    void aStoreThatAcceptsAndSaysNothingFailsWithItsName() {
        web.on("/m.bin", (request, _) -> request.socket().getInputStream().read() > 0);
        assertThatThrownBy(() -> fetch("/m.bin"))
                .isInstanceOfSatisfying(FetchFailure.class, f -> assertThat(f.retryable()).isTrue())
                .hasMessageContaining("no answer within 0.3 s")
                .hasMessageContaining("attempt 4 of 4");
    }

    @Test
    void aStoreThatKnowsNoRangesIsReadInOnePiece() throws Exception {
        arrivesWhole((request, out) -> {
            Web.send(
                    out,
                    "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: "
                            + CONTENT.length
                            + "\r\n\r\n");
            if (!request.head()) {
                out.write(CONTENT);
                out.flush();
            }
            return true;
        });
    }

    @Test
    void aStoreThatKnowsNoRangesAndCutsIsReadFromTheStart() throws Exception {
        var cut = new AtomicInteger();
        arrivesWhole((request, out) -> {
            Web.send(
                    out,
                    "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: "
                            + CONTENT.length
                            + "\r\n\r\n");
            if (!request.head()) {
                boolean whole = request.ranged() || cut.incrementAndGet() > 1;
                out.write(CONTENT, 0, whole ? CONTENT.length : 300_000);
                out.flush();
            }
            return request.head();
        });
    }

    @Test
    void twoVersionsAreNeverMixed() throws Exception {
        var other = Fetches.bytes(CONTENT.length, 8);
        var gets = new AtomicInteger();
        web.on(
                "/m.bin",
                (request, out) -> {
                    boolean old =
                            (!request.head() && gets.incrementAndGet() <= 5) || gets.get() == 0;
                    return Web.range(
                            request,
                            out,
                            old ? CONTENT : other,
                            "ETag: " + (old ? "\"v1\"" : "\"v2\"") + "\r\n");
                });
        fetch("/m.bin");
        assertThat(target().resolve("m.bin")).hasBinaryContent(other);
    }

    @Test
    void aStoreThatChangesAllTheTimeIsGivenUp() {
        var version = new AtomicInteger();
        web.on(
                "/m.bin",
                (request, out) ->
                        Web.range(
                                request,
                                out,
                                CONTENT,
                                "ETag: \"v" + version.incrementAndGet() + "\"\r\n"));
        assertThatThrownBy(() -> fetch("/m.bin")).hasMessageContaining("keeps changing");
        assertThat(target().resolve("m.bin")).doesNotExist();
    }

    @Test
    void aRangeThatIsNoneAnyMoreIsAChange() {
        web.on(
                "/m.bin",
                (request, out) ->
                        request.head()
                                ? Web.file(CONTENT, "\"v1\"").to(request, out)
                                : Web.write(out, 416, "", ""));
        assertThatThrownBy(() -> fetch("/m.bin")).hasMessageContaining("keeps changing");
    }

    @Test
    void moreBytesThanWereListedAreAChange() {
        web.on(
                "/long.bin",
                (request, out) -> {
                    if (request.head()) {
                        Web.send(
                                out,
                                "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 4\r\n\r\n");
                        return true;
                    }
                    Web.send(
                            out,
                            "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n");
                    return true;
                });
        assertThatThrownBy(() -> fetch("/long.bin")).hasMessageContaining("more than the 4 bytes");
    }

    @Test
    void aBusyStoreIsNotAskedSoonerThanItSays() throws Exception {
        var good = Web.file(CONTENT, "\"v1\"");
        var asked = new AtomicInteger();
        var soon = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(50);
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(soon);
        arrivesWhole((request, out) ->
                switch (asked.incrementAndGet()) {
                    case 1 -> Web.write(out, 429, "Retry-After: 7\r\n", "");
                    case 2 -> Web.write(out, 503, "Retry-After: " + date + "\r\n", "");
                    default -> good.to(request, out);
                });
        assertThat(pauses.get(0)).isEqualTo(Duration.ofSeconds(7));
        assertThat(pauses.get(1)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(50));
    }

    @Test
    void aStoreThatWantsAnHourOfQuietIsGivenUpForNow() {
        web.on("/m.bin", (_, out) -> Web.write(out, 503, "Retry-After: 3600\r\n", ""));
        assertThatThrownBy(() -> fetch("/m.bin"))
                .isInstanceOfSatisfying(
                        FetchFailure.class,
                        f -> {
                            assertThat(f.retryable()).isTrue();
                            assertThat(f.retryAfter()).contains(Duration.ofHours(1));
                        })
                .hasMessageContaining("3600 s of quiet");
        assertThat(pauses).isEmpty();
    }

    @Test
    void pausesGrowAndAreJittered() {
        web.on("/m.bin", (_, out) -> Web.write(out, 500, "", ""));
        assertThatThrownBy(() -> fetch("/m.bin")).isInstanceOf(FetchFailure.class);
        assertThat(pauses.getFirst()).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
        assertThat(pauses.get(2)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void whatCannotWorkIsNotTriedAgain(int status) {
        web.on(
                "/m.bin",
                (request, out) ->
                        Web.write(
                                out,
                                status,
                                "",
                                request.head()
                                        ? ""
                                        : "<E><Message>in its own words</Message></E>"));
        assertThatThrownBy(() -> fetch("/m.bin"))
                .isInstanceOfSatisfying(
                        FetchFailure.class, f -> assertThat(f.retryable()).isFalse())
                .hasMessageContaining("answered " + status)
                .hasMessageContaining("in its own words");
        assertThat(pauses).isEmpty();
        assertThat(web.requests())
                .hasSize(2); // HEAD, then GET, as a signed URL may be for GET alone
    }

    @Test
    void credentialsDoNotCrossToAnotherServer() throws Exception {
        try (var other = new Web()) {
            other.file("/m.bin", CONTENT);
            web.on(
                    "/m.bin",
                    (_, out) ->
                            Web.write(out, 302, "Location: " + other.url("/m.bin") + "\r\n", ""));
            var order =
                    FetchOrder.of(web.url("/m.bin"), target())
                            .with(Secrets.headers("127.0.0.1", "Authorization: Bearer s3cret"));
            storage.fetch(order, _ -> {});
            assertThat(target().resolve("m.bin")).hasBinaryContent(CONTENT);
            assertThat(web.requests()).allMatch(r -> r.headers().containsKey("authorization"));
            assertThat(other.requests()).noneMatch(r -> r.headers().containsKey("authorization"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "http://[fe80::1]/m",
                "http://[::ffff:169.254.169.254]/m",
                "http://100.100.100.200/m",
                "http://0.0.0.0/m",
                "file:///etc/passwd",
                "jar:file:/x!/y",
                "gopher://x/y"
            })
    void aRedirectToWhereNobodyMayGoIsRefused(String location) {
        web.on("/m.bin", (_, out) -> Web.write(out, 302, "Location: " + location + "\r\n", ""));
        assertThatThrownBy(() -> fetch("/m.bin"))
                .isInstanceOfSatisfying(
                        FetchFailure.class, f -> assertThat(f.retryable()).isFalse())
                .hasMessageContaining("refused");
    }

    @Test
    void redirectsWithoutEndAreGivenUp() {
        web.on("/m.bin", (_, out) -> Web.write(out, 302, "Location: /m.bin\r\n", ""));
        assertThatThrownBy(() -> fetch("/m.bin"))
                .hasMessageContaining("redirects more than 3 times");
    }

    @Test
    void aTenantOfAClusterDoesNotReachTheNodeItself() throws Exception {
        web.file("/m.bin", CONTENT);
        var cluster = new Storage(Fetches.quick().with(Fetches.client(AddressPolicy.CLUSTER)));
        for (var host : List.of("127.0.0.1", "localhost", "[::1]")) {
            var uri = "http://" + host + ":" + web.port() + "/m.bin";
            assertThatThrownBy(() -> cluster.fetch(uri, target()))
                    .hasMessageContaining("loopback")
                    .hasMessageContaining("refused");
        }
        assertThat(web.requests()).isEmpty();
    }

    @Test
    void aNameThatNobodyKnowsMayBeKnownLater() {
        assertThatThrownBy(() -> storage.fetch("http://no-such-host.invalid/m.bin", target()))
                .isInstanceOfSatisfying(FetchFailure.class, f -> assertThat(f.retryable()).isTrue())
                .hasMessageContaining("no-such-host.invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
                ""
            })
    void nonsenseIsNoModel(String answer) {
        web.on(
                "/m.bin",
                (_, out) -> {
                    Web.send(out, answer);
                    return false;
                });
        assertThatThrownBy(() -> fetch("/m.bin")).isInstanceOf(FetchFailure.class);
        assertThat(target().resolve("m.bin")).doesNotExist();
    }

    @Test
    void progressNeverGoesBack() throws Exception {
        var cut = new AtomicInteger();
        web.on(
                "/m.bin",
                (request, out) -> {
                    Web.send(
                            out,
                            "HTTP/1.1 200 OK\r\nContent-Length: " + CONTENT.length + "\r\n\r\n");
                    if (!request.head()) {
                        out.write(CONTENT, 0, cut.incrementAndGet() > 2 ? CONTENT.length : 400_000);
                        out.flush();
                    }
                    return request.head();
                });
        var seen = new CopyOnWriteArrayList<Long>();
        storage.fetch(FetchOrder.of(web.url("/m.bin"), target()), p -> seen.add(p.bytes()));
        assertThat(seen).isSorted().last().isEqualTo((long) CONTENT.length);
    }

    @Test
    void aFullDiskIsSaidBeforeTheFirstByte() throws Exception {
        long free = Files.getFileStore(directory).getUsableSpace();
        web.on(
                "/m.bin",
                (request, out) -> {
                    Web.send(
                            out,
                            "HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: "
                                    + (free + 1)
                                    + "\r\n\r\n");
                    return request.head();
                });
        var settings =
                Fetches.quick()
                        .with(
                                new dev.marea.storage.transfer.TransferSettings(
                                        4, 64 << 20, Fetches.STALL, Long.MAX_VALUE));
        assertThatThrownBy(() -> new Storage(settings).fetch(web.url("/m.bin"), target()))
                .isInstanceOfSatisfying(FetchFailure.class, f -> assertThat(f.retryable()).isTrue())
                .hasMessageContaining("too full")
                .hasMessageContaining(Long.toString(free + 1));
        assertThat(web.gets("/m.bin")).isEmpty();
    }

    @Test
    void nothingHalfIsLeftWhereAReplicaLooks() throws IOException {
        web.on(
                "/m.bin",
                (request, out) -> {
                    Web.send(out, "HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: 1000\r\n\r\n");
                    if (!request.head()) {
                        out.write(CONTENT, 0, 10);
                        out.flush();
                    }
                    return request.head();
                });
        assertThatThrownBy(() -> fetch("/m.bin")).hasMessageContaining("broke off");
        assertThat(target().resolve("m.bin")).doesNotExist();
    }
}
