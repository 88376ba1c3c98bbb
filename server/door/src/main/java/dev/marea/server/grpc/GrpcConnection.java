package dev.marea.server.grpc;

import dev.marea.server.models.Refused;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.RequestCut;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 stream: one call, from its head to its trailers. */
public final class GrpcConnection extends ChannelInboundHandlerAdapter {
    private final GrpcService service;
    private @Nullable Running running;

    public GrpcConnection(GrpcService service) {
        this.service = service;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpRequest request) {
                begin(ctx.channel(), request);
            }
            var call = running;
            if (call != null && message instanceof HttpContent part) {
                call.take(part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(Channel channel, HttpRequest request) {
        running = null;
        if (!request.method().equals(HttpMethod.POST)) {
            reject(channel, HttpResponseStatus.METHOD_NOT_ALLOWED, "gRPC takes POST only.");
            return;
        }
        var type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "none");
        if (!CallHead.isGrpc(type)) {
            reject(
                    channel,
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type must be application/grpc, was " + type + ".");
            return;
        }
        if (request instanceof CheckedRequest checked && !checked.isHttp2()) {
            reject(channel, HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "gRPC needs HTTP/2.");
            return;
        }
        try {
            var call = new Running(service, channel, CallHead.of(request));
            running = call;
            call.start();
        } catch (Refused refused) {
            var plain = new CallHead(request.uri(), OptionalLong.empty(), false, false, false);
            new Caller(channel, plain, service.metrics(), () -> {}, () -> {})
                    .end(Status.of(refused));
        }
    }

    /** Who speaks no gRPC is told in HTTP. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as a closed channel
    private static void reject(Channel channel, HttpResponseStatus status, String why) {
        var body = why.getBytes(StandardCharsets.UTF_8);
        var answer =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.ALLOW, "POST");
        channel.writeAndFlush(answer, channel.voidPromise());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        var call = running;
        if (call != null) {
            call.pump();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof RequestCut) {
            end();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    private void end() {
        var call = running;
        running = null;
        if (call != null) {
            call.gone();
        }
    }
}
