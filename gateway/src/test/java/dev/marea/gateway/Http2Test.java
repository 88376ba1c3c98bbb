package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.spec.Percent;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.Door;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.http.Http2Link;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients and replicas that speak different versions of HTTP. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // what fails is missed by the assertions
class Http2Test {
    private final Rig rig = new Rig();
    private final EventLoops loops = EventLoops.open(1);

    @AfterEach
    void close() {
        rig.close();
        loops.close();
    }

    /** A client with prior knowledge. */
    private Http2Link link() throws Exception {
        var made = new CompletableFuture<Http2Link>();
        new Bootstrap()
                .group(loops.group())
                .channel(loops.clientChannel())
                .handler(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                made.complete(Http2Link.over(ctx.channel()));
                            }
                        })
                .connect("127.0.0.1", rig.gateway.port());
        return made.get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<String> ask(Http2Link link, String path, String body) {
        var answer = new CompletableFuture<String>();
        var text = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path, text);
        request.headers()
                .set(HttpHeaderNames.HOST, "iris-default.localhost")
                .set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes());
        loops.group().execute(() -> open(link, answer).writeAndFlush(request));
        return answer;
    }

    private static Channel open(Http2Link link, CompletableFuture<String> answer) {
        var stream =
                link.open(
                        new ChannelInboundHandlerAdapter() {
                            private final StringBuilder text = new StringBuilder();

                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                if (message instanceof HttpResponse head) {
                                    text.append(head.status().code()).append(' ');
                                }
                                if (message instanceof HttpContent part) {
                                    text.append(part.content().toString(StandardCharsets.UTF_8));
                                }
                                if (message instanceof LastHttpContent) {
                                    answer.complete(text.toString());
                                }
                                ReferenceCountUtil.release(message);
                            }

                            @Override
                            public void channelInactive(ChannelHandlerContext ctx) {
                                answer.completeExceptionally(new IOException("reset"));
                            }
                        });
        if (stream == null) {
            throw new AssertionError("the connection has ended");
        }
        return stream;
    }

    /** A replica of our own door, which tells the version that it was asked by. */
    private Door replica() throws IOException {
        return Door.open(
                DoorSettings.of(loops, "127.0.0.1", 0),
                () ->
                        new ChannelInboundHandlerAdapter() {
                            private String version = "";

                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                if (message instanceof CheckedRequest head) {
                                    version = head.protocolVersion().text();
                                }
                                if (message instanceof LastHttpContent) {
                                    ctx.writeAndFlush(saying(version));
                                }
                                ReferenceCountUtil.release(message);
                            }
                        });
    }

    private static DefaultFullHttpResponse saying(String text) {
        var bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        var answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, bytes);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.readableBytes());
        return answer;
    }

    private void serve(int port, boolean http2) {
        var replica = new RouteTable.Replica("d", "127.0.0.1", port, http2);
        rig.tell(Rig.route(new Revision("r1", new Percent(100), List.of(replica))));
    }

    @Test
    void aClientOfHttp2IsServedByAReplicaOfHttp11() throws Exception {
        try (var plain =
                new Replica(
                        "plain",
                        (request, socket) ->
                                Replica.answer(socket, request.line() + ": " + request.text()))) {
            rig.serve(plain);
            var link = link();

            var first = ask(link, "/v1/models/x:predict", "one");
            var second = ask(link, "/v1/models/y:predict", "two");

            assertThat(first.get(10, TimeUnit.SECONDS))
                    .isEqualTo("200 POST /v1/models/x:predict HTTP/1.1: one");
            assertThat(second.get(10, TimeUnit.SECONDS))
                    .isEqualTo("200 POST /v1/models/y:predict HTTP/1.1: two");
            Rig.await("two lines", () -> rig.accessLines().size() == 2);
            assertThat(rig.accessLines().getFirst()).doesNotContain("grpcStatus");
        }
    }

    @Test
    void aReplicaThatSpeaksHttp2OnlyIsSpokenToSo() throws Exception {
        try (var door = replica()) {
            serve(door.port(), true);
            assertThat(rig.get(Rig.iris("/x")).body()).isEqualTo("HTTP/2.0");
            assertThat(rig.post(Rig.iris("/x"), "body").body()).isEqualTo("HTTP/2.0");

            serve(door.port(), false);
            assertThat(rig.get(Rig.iris("/x")).body()).isEqualTo("HTTP/1.1");
        }
    }

    @Test
    void aRefusalHasItsJsonOnHttp2Too() throws Exception {
        assertThat(ask(link(), "/v1/models/x:predict", "").get(10, TimeUnit.SECONDS))
                .startsWith("404 {\"error\":");
    }

    @Test
    void aClosingGatewayFinishesTheStreamsOfItsClients() throws Exception {
        try (var slow =
                new Replica(
                        "slow",
                        (_, socket) -> {
                            rig.gateway.ready();
                            Rig.await("the gateway closes", () -> !rig.gateway.ready());
                            return Replica.answer(socket, "done");
                        })) {
            rig.serve(slow);
            var answer = ask(link(), "/x", "");
            Rig.await("the request", () -> slow.seen.size() == 1);

            rig.gateway.close();

            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("200 done");
        }
    }

    @Test
    void aReplicaThatIsGoneAndBackIsReachedByANewConnection() throws Exception {
        var first = replica();
        int port = first.port();
        serve(port, true);
        assertThat(rig.get(Rig.iris("/x")).statusCode()).isEqualTo(200);
        first.close(Duration.ZERO);

        try (var second =
                Door.open(
                        DoorSettings.of(loops, "127.0.0.1", port),
                        () ->
                                new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelRead(
                                            ChannelHandlerContext ctx, Object message) {
                                        if (message instanceof LastHttpContent) {
                                            ctx.writeAndFlush(saying("second"));
                                        }
                                        ReferenceCountUtil.release(message);
                                    }
                                })) {
            assertThat(second.port()).isEqualTo(port);
            assertThat(rig.get(Rig.iris("/x")).body()).isEqualTo("second");
        }
    }
}
