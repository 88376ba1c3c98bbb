package dev.marea.server.door;

import dev.marea.server.grpc.GrpcConnection;
import dev.marea.server.grpc.GrpcService;
import dev.marea.wire.http.CheckedRequest;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, or stream of HTTP/2: each request goes to the protocol that it speaks.
 * gRPC's handler is made when it is first needed, and so is all that it needs.
 */
final class Protocols extends ChannelInboundHandlerAdapter {
    private final ChannelInboundHandlerAdapter rest;
    private final Supplier<GrpcService> service;
    private @Nullable GrpcConnection grpc;
    private ChannelInboundHandlerAdapter speaking;

    Protocols(ChannelInboundHandlerAdapter rest, Supplier<GrpcService> service) {
        this.rest = rest;
        this.service = service;
        speaking = rest;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof CheckedRequest request) {
            speaking = isGrpc(request) ? grpc() : rest;
        }
        speaking.channelRead(ctx, message);
    }

    /** By its type, or by a path that only gRPC has: who sends the wrong type there is told so. */
    private static boolean isGrpc(CheckedRequest request) {
        var type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
        var path = request.uri();
        return (type != null && type.regionMatches(true, 0, "application/grpc", 0, 16))
                || path.startsWith("/inference.")
                || path.startsWith("/grpc.");
    }

    private GrpcConnection grpc() {
        var known = grpc;
        if (known == null) {
            known = new GrpcConnection(service.get());
            grpc = known;
        }
        return known;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        speaking.channelReadComplete(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        speaking.userEventTriggered(ctx, event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        speaking.channelWritabilityChanged(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        speaking.channelInactive(ctx);
    }
}
