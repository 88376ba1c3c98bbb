package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an HTTP/2 client may not do; after each attempt the next good request works. */
@Timeout(30)
class Http2HostileTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int STREAM_CLOSED = 5;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final int INITIAL_WINDOW = 4;
    private static final int NEVER = 1 << 20;

    private final CountDownLatch inHand = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);
    private EventLoops loops;
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        loops = EventLoops.open(1);
        var limits =
                HttpLimits.DEFAULTS.withTimes(
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofMillis(600),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(400));
        server =
                HttpServer.open(
                        DoorSettings.of(loops, "127.0.0.1", 0).with(limits),
                        (request, response) ->
                                response.send(
                                        200,
                                        Map.of(),
                                        new byte[request.path().equals("/big") ? 1 << 20 : 2]));
    }

    @AfterEach
    void theNextGoodRequestWorks() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            assertThat(wire.get(1, "/").flush().answer(1).status()).isEqualTo("200");
        }
        server.close(Duration.ofMillis(100));
        loops.close();
    }

    @Test
    void rapidResetsEndTheConnection() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            for (int stream = 1; stream < 1_500; stream += 2) {
                wire.get(stream, "/").number(Http2Wire.RST, stream, CANCEL);
            }
            assertThat(wire.flush().goodbye()).isEqualTo(Http2Wire.ENHANCE_YOUR_CALM);
            assertThat(server.counters().refused(Refusal.FLOOD)).isEqualTo(1);
        }
    }

    @Test
    void makingTheDoorResetIsNoWayAroundIt() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            for (int stream = 1; stream < 1_500; stream += 2) {
                wire.post(stream, "/").number(Http2Wire.WINDOW_UPDATE, stream, 0);
            }
            assertThat(wire.flush().goodbye()).isEqualTo(Http2Wire.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aHeadWithoutEndEndsTheConnection() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            wire.frame(Http2Wire.HEADERS, 0, 1, wire.block(":method", "GET"));
            for (int i = 0; i < 1_000; i++) {
                wire.frame(Http2Wire.CONTINUATION, 0, 1, new byte[0]);
            }
            assertThat(wire.flush().goodbye()).isEqualTo(Http2Wire.ENHANCE_YOUR_CALM);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 5_000})
    void aSmallHeadThatUnfoldsToALargeOneIsRefusedAndTheConnectionLivesOn(int times)
            throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            var answer = wire.request(1, true, unfolding(times)).flush().answer(1);

            assertThat(answer.status()).isEqualTo("431");
            assertThat(wire.get(3, "/").flush().answer(3).status()).isEqualTo("200");
        }
    }

    /** The value is sent once and then named by its place in HPACK's table. */
    private static String[] unfolding(int times) {
        var headers = Arrays.copyOf(get("/", "a"), 8 + 2 * times);
        for (int i = 8; i < headers.length; i += 2) {
            headers[i] = "x";
            headers[i + 1] = "y".repeat(3_000);
        }
        return headers;
    }

    @ParameterizedTest
    @MethodSource("floods")
    void framesThatAskForNothingEndTheConnection(int type, int length) throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            for (int i = 0; i < 1_100; i++) {
                wire.frame(type, 0, 0, new byte[length]);
            }
            assertThat(wire.flush().goodbye()).isEqualTo(Http2Wire.ENHANCE_YOUR_CALM);
        }
    }

    static Stream<Arguments> floods() {
        return Stream.of(
                arguments(Http2Wire.SETTINGS, 0), arguments(Http2Wire.PING, 8), arguments(77, 3));
    }

    @Test
    void emptyPartsOfABodyEndTheConnection() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            wire.post(1, "/");
            for (int i = 0; i < 100; i++) {
                wire.data(1, "", false);
            }
            assertThat(wire.flush().goodbye()).isEqualTo(Http2Wire.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aStreamTooManyIsRefusedAndMayBeTriedAgain() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            int most = HttpLimits.DEFAULTS.streamsMax();
            for (int i = 0; i < most; i++) {
                wire.post(1 + 2 * i, "/");
            }
            int one = 1 + 2 * most;
            assertThat(wire.get(one, "/").flush().answer(one).error()).isEqualTo(REFUSED_STREAM);

            wire.data(1, "x", true).flush();
            assertThat(wire.answer(1).status()).isEqualTo("200");
        }
    }

    @Test
    void aWindowThatNeverOpensCostsItsStreamOnly() throws Exception {
        try (var wire = new Http2Wire(server.port(), INITIAL_WINDOW, 0)) {
            assertThat(wire.get(1, "/big").flush().answer(1).error()).isEqualTo(CANCEL);
            assertThat(server.counters().refused(Refusal.STALLED_READER)).isEqualTo(1);

            wire.get(3, "/").number(Http2Wire.WINDOW_UPDATE, 3, 10).flush();
            assertThat(wire.answer(3).status()).isEqualTo("200");
        }
    }

    @Test
    void aBodyThatStopsIsRefusedAndTheConnectionLivesOn() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            assertThat(wire.post(1, "/").data(1, "x", false).flush().answer(1).status())
                    .isEqualTo("408");
            assertThat(wire.readUntil(Http2Wire.RST).number(0)).isZero();
            assertThat(wire.get(3, "/").flush().answer(3).status()).isEqualTo("200");
        }
    }

    @Test
    void partsAfterTheEndAreAnErrorOfTheirStream() throws Exception {
        try (var wire = new Http2Wire(server.port(), INITIAL_WINDOW, 0)) {
            wire.get(1, "/").data(1, "x", true).flush();

            assertThat(wire.answer(1).error()).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void framesOnStreamsThatNeverWereEndTheConnection() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            assertThat(wire.data(7, "x", false).flush().goodbye()).isEqualTo(PROTOCOL_ERROR);
            assertThat(server.counters().refused(Refusal.BAD_FRAMES)).isEqualTo(1);
        }
    }

    @Test
    void aFrameLargerThanAgreedEndsTheConnection() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            wire.post(1, "/").frame(Http2Wire.DATA, 0, 1, new byte[NEVER]);
            assertThat(wire.flush().goodbye()).isPositive();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void aMalformedRequestIsRefusedAndTheConnectionLivesOn(
            String what, String refusal, String[] headers) throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            var answer = wire.request(1, true, headers).flush().answer(1);

            assertThat(answer.ended() ? answer.status() : "reset " + answer.error())
                    .isEqualTo(refusal);
            assertThat(wire.get(3, "/").flush().answer(3).status()).isEqualTo("200");
        }
    }

    static Stream<Arguments> malformed() {
        String reset = "reset " + PROTOCOL_ERROR;
        return Stream.of(
                bad("upper case", reset, "X-Upper", "1"),
                bad("a connection header", reset, "connection", "close"),
                bad("a transfer coding", reset, "transfer-encoding", "chunked"),
                bad("an upgrade", reset, "upgrade", "h2c"),
                bad("te beside trailers", reset, "te", "gzip"),
                bad("an unknown pseudo-header", reset, ":x", "1"),
                bad("a response's pseudo-header", reset, ":status", "200"),
                bad("a pseudo-header after others", reset, "a", "b", ":authority", "a"),
                bad("lengths that differ", reset, "content-length", "1", "content-length", "2"),
                bad("a length without a body", reset, "content-length", "1"),
                bad("a second path", reset, ":path", "/other"),
                bad("another host", "400", "host", "b"),
                bad("an underscore", "400", "x_y", "1"),
                bad("blanks around a value", reset, "x", " 1"),
                bad("a control character", reset, "x", "a\u0001b"),
                bad("an unknown expectation", "417", "expect", "miracles"),
                arguments("no path", "400", new String[] {":method", "GET", ":scheme", "http"}),
                arguments("no host", "400", get("/", "")),
                arguments("a bad host", "400", get("/", "a b")),
                arguments("no slash", "400", get("x", "a")),
                arguments("above the root", "400", get("/../x", "a")),
                arguments("twice encoded", "400", get("/%252e", "a")),
                arguments("a long path", "414", get("/" + "x".repeat(9_000), "a")));
    }

    private static Arguments bad(String what, String refusal, String... more) {
        var good = get("/", "a");
        var all = new String[good.length + more.length];
        System.arraycopy(good, 0, all, 0, good.length);
        System.arraycopy(more, 0, all, good.length, more.length);
        return arguments(what, refusal, all);
    }

    private static String[] get(String path, String host) {
        return host.isEmpty()
                ? new String[] {":method", "GET", ":scheme", "http", ":path", path}
                : new String[] {
                    ":method", "GET", ":scheme", "http", ":path", path, ":authority", host
                };
    }

    @Test
    void aHandlerThatReadsNothingLearnsOfTheResetAtOnce() throws Exception {
        try (var door = Door.open(DoorSettings.of(loops, "127.0.0.1", 0), () -> new Deaf(this));
                var wire = new Http2Wire(door.port())) {
            wire.post(1, "/").data(1, "x", false).flush();
            assertThat(inHand.await(5, TimeUnit.SECONDS)).isTrue();
            wire.data(1, "unread", false).number(Http2Wire.RST, 1, CANCEL).flush();

            assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aHandlerThatReadsNothingLearnsOfALostConnection() throws Exception {
        try (var door = Door.open(DoorSettings.of(loops, "127.0.0.1", 0), () -> new Deaf(this))) {
            try (var wire = new Http2Wire(door.port())) {
                wire.post(1, "/").data(1, "x", false).flush();
                assertThat(inHand.await(5, TimeUnit.SECONDS)).isTrue();
                wire.data(1, "unread", false).flush();
            }
            assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static final class Deaf extends ChannelInboundHandlerAdapter {
        private final Http2HostileTest test;

        Deaf(Http2HostileTest test) {
            this.test = test;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.channel().config().setAutoRead(false);
            ReferenceCountUtil.release(message);
            test.inHand.countDown();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            test.told.countDown();
        }
    }

    @Test
    void textThatIsNoFrameEndsTheConnection() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            wire.socket
                    .getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".repeat(10).getBytes(StandardCharsets.US_ASCII));
            assertThat(wire.goodbye()).isPositive();
        }
    }
}
