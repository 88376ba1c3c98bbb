package dev.marea.wire.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/2 connection's manners: it ends when it idles, when its client is gone without a word,
 * and, after the streams that are open, when the door closes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Http2Session extends ChannelInboundHandlerAdapter {
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final long PING = 0x6d61726561L;

    private final HttpLimits limits;
    private final DoorCounters counters;
    private final Http2Floods floods;
    private final Set<Http2Exchange> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private long lastRead = System.nanoTime();
    private boolean pinged;
    private boolean draining;

    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext ctx;

    @SuppressWarnings("NullAway.Init")
    private Deadline deadline;

    Http2Session(HttpLimits limits, DoorCounters counters, Http2Floods floods) {
        this.limits = limits;
        this.counters = counters;
        this.floods = floods;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        deadline = new Deadline(context.executor(), this::due);
        deadline.in(limits.keepAlive().toNanos());
        ctx.write(
                new DefaultHttp2WindowUpdateFrame(
                        Http2Codecs.CONNECTION_WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE));
    }

    void opened(Http2Exchange exchange) {
        if (open.isEmpty()) {
            deadline.in(SILENCE.toNanos());
        }
        open.add(exchange);
    }

    void closed(Http2Exchange exchange) {
        if (open.remove(exchange) && open.isEmpty()) {
            if (draining) {
                close();
            } else {
                deadline.in(limits.keepAlive().toNanos());
            }
        }
    }

    /** Part of an answer is about to be sent. */
    void answers() {
        floods.useful();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message); // the codec has acted on it
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        lastRead = System.nanoTime();
        pinged = false;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Conversation.Drain(var idleGrace)) {
            drain(idleGrace);
        }
    }

    /** Says first that the end is near, so that a request already under way is still taken. */
    private void drain(Duration idleGrace) {
        var near = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
        near.setExtraStreamIds(Integer.MAX_VALUE);
        ctx.writeAndFlush(near);
        ctx.executor().schedule(this::takeNoMore, idleGrace.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void takeNoMore() {
        draining = true;
        ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        if (open.isEmpty()) {
            close();
        }
    }

    private void close() {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void due() {
        if (open.isEmpty()) {
            takeNoMore();
        } else if (System.nanoTime() - lastRead < SILENCE.toNanos()) {
            deadline.in(lastRead + SILENCE.toNanos() - System.nanoTime());
        } else if (pinged) {
            ctx.close();
        } else {
            pinged = true;
            ctx.writeAndFlush(new DefaultHttp2PingFrame(PING));
            deadline.in(SILENCE.dividedBy(3).toNanos());
        }
    }

    /** Streams whose handlers do not read would not hear of it from the codec. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.close();
        new ArrayList<>(open).forEach(Http2Exchange::connectionGone);
    }

    /** The codec says goodbye itself. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof Http2Exception broken) {
            boolean flood = broken.error() == Http2Error.ENHANCE_YOUR_CALM;
            counters.refuse(flood ? Refusal.FLOOD : Refusal.BAD_FRAMES);
        } else {
            context.close();
        }
    }
}
