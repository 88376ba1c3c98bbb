package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handler on the event loop sees, as the gateway and the model server are. */
@Timeout(30)
class DoorTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LAST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private EventLoops loops;

    @SuppressWarnings("NullAway.Init")
    private Door door;

    @BeforeEach
    void openLoops() {
        loops = EventLoops.open(1);
    }

    @AfterEach
    void close() {
        door.close(Duration.ofMillis(100));
        loops.close();
    }

    private void open(HttpLimits limits, Supplier<ChannelHandler> handler) throws IOException {
        door = Door.open(DoorSettings.of(loops, "127.0.0.1", 0).with(limits), handler);
    }

    /** Answers at once, on the event loop, when the request is whole or already at its head. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Inline extends ChannelInboundHandlerAdapter {
        private final boolean early;
        private final CompletableFuture<Refusal> cut;

        Inline(boolean early, CompletableFuture<Refusal> cut) {
            this.early = early;
            this.cut = cut;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (early ? message instanceof CheckedRequest : message instanceof LastHttpContent) {
                answer(ctx);
            }
            ReferenceCountUtil.release(message);
        }

        static void answer(ChannelHandlerContext ctx) {
            var body = Unpooled.copiedBuffer("ok;", StandardCharsets.US_ASCII);
            var answer =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            ctx.write(answer);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof RequestCut(var refusal)) {
                cut.complete(refusal);
            }
        }
    }

    @Test
    void manyPipelinedRequestsAreAnsweredOnTheLoopWithoutNesting() throws IOException {
        open(HttpLimits.DEFAULTS, () -> new Inline(false, new CompletableFuture<>()));

        var answer = Wire.exchange(door.port(), GET.repeat(20_000) + LAST);

        assertThat(Wire.statuses(answer)).hasSize(20_001).containsOnly("200");
        assertThat(door.counters().requests()).isEqualTo(20_001);
    }

    @Test
    void anEarlyAnswerIsReadThoughTheBodyIsUnfinished() throws IOException {
        open(HttpLimits.DEFAULTS, () -> new Inline(true, new CompletableFuture<>()));

        var answer =
                Wire.exchange(
                        door.port(),
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n"
                                + "a".repeat(4_000_000));

        assertThat(answer).startsWith("HTTP/1.1 200").contains("connection: close").endsWith("ok;");
    }

    @Test
    void theHandlerLearnsThatItsRequestWasCut() throws Exception {
        var cut = new CompletableFuture<Refusal>();
        open(HttpLimits.DEFAULTS, () -> new Inline(false, cut));

        var answer =
                Wire.exchange(
                        door.port(),
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\naXX");

        assertThat(Wire.statuses(answer)).containsExactly("400");
        assertThat(cut.get(10, TimeUnit.SECONDS)).isEqualTo(Refusal.BAD_CHUNK);
    }

    @Test
    void bytesBehindARunningRequestAreNotReadWithoutEnd() throws Exception {
        var running = new CompletableFuture<ChannelHandlerContext>();
        open(
                HttpLimits.DEFAULTS,
                () ->
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                if (message instanceof LastHttpContent && !running.complete(ctx)) {
                                    Inline.answer(ctx);
                                }
                                ReferenceCountUtil.release(message);
                            }
                        });
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (var client = SocketChannel.open(new InetSocketAddress(loopback, door.port()))) {
            client.configureBlocking(false);
            var block = ByteBuffer.wrap(GET.repeat(2_000).getBytes(StandardCharsets.US_ASCII));
            var context = writeUntilHeld(client, block, running);

            context.executor()
                    .execute(() -> {
                        Inline.answer(context);
                        context.flush();
                    });

            // reading went on: more of the pipelined requests were taken
            Wire.await("reading again", () -> door.counters().requests() > 1);
        }
    }

    private static ChannelHandlerContext writeUntilHeld(
            SocketChannel client,
            ByteBuffer block,
            CompletableFuture<ChannelHandlerContext> running)
            throws Exception {
        long written = 0;
        long quietSince = System.nanoTime();
        while (System.nanoTime() - quietSince < Duration.ofMillis(500).toNanos()) {
            int n = client.write(block);
            if (n > 0) {
                quietSince = System.nanoTime();
                written += n;
            }
            if (!block.hasRemaining()) {
                block.rewind();
            }
            assertThat(written).as("bytes that the door took").isLessThan(128L << 20);
        }
        return running.get(10, TimeUnit.SECONDS);
    }
}
