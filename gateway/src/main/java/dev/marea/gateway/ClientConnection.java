package dev.marea.gateway;

import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.Deadline;
import dev.marea.wire.http.RequestCut;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, or one stream of it, behind the strict door, which lets one request in at
 * a time.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private final GatewayContext gateway;

    @SuppressWarnings("NullAway.Init") // set before any event comes
    private ChannelHandlerContext ctx;

    @SuppressWarnings("NullAway.Init")
    private Upstreams upstreams;

    @SuppressWarnings("NullAway.Init")
    private Deadline deadline;

    private String address = "";
    private boolean tls;
    private @Nullable Exchange current;
    private boolean reading;
    private boolean paused;

    ClientConnection(GatewayContext gateway) {
        this.gateway = gateway;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        upstreams = gateway.upstreams(context.channel().eventLoop());
        deadline = new Deadline(context.channel().eventLoop(), this::late);
        address = host(context.channel().remoteAddress());
        tls = isTls(context.channel());
    }

    ChannelHandlerContext ctx() {
        return ctx;
    }

    Upstreams upstreams() {
        return upstreams;
    }

    Deadline deadline() {
        return deadline;
    }

    String address() {
        return address;
    }

    boolean tls() {
        return tls;
    }

    /** Whether more of what the client sent is about to come: flushing can wait for it. */
    boolean reading() {
        return reading;
    }

    /**
     * Stops or resumes reading the client, if it was stopped here: the door has reasons of its own.
     */
    void pause(boolean pause) {
        if (paused != pause) {
            paused = pause;
            ctx.channel().config().setAutoRead(!pause);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        switch (message) {
            case CheckedRequest request -> {
                current = new Exchange(gateway, this, request);
                current.begin();
            }
            case HttpContent part -> {
                if (current == null) {
                    part.release();
                } else {
                    current.body(part);
                }
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        if (current != null) {
            current.flushToReplica();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (current != null) {
            current.clientWritabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof RequestCut cut && current != null) {
            current.cut(cut.refusal());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (current != null) {
            current.clientLeft();
        }
        deadline.close();
    }

    /** A bug, since the door handles what clients can do: the connection ends, the others go on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failed) {
        org.slf4j.LoggerFactory.getLogger(ClientConnection.class).error("a request failed", failed);
        context.close();
    }

    private void late() {
        if (current != null) {
            current.late();
        }
    }

    /** An HTTP/2 stream has its TLS in its connection, its parent. */
    private static boolean isTls(@Nullable Channel channel) {
        return channel != null
                && (channel.pipeline().get(SslHandler.class) != null || isTls(channel.parent()));
    }

    private static String host(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
    }
}
