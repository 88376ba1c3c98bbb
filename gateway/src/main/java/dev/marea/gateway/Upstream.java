package dev.marea.gateway;

import dev.marea.wire.http.Http2Link;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a replica, or one stream of an HTTP/2 connection. It reads what the replica
 * answers, distrusts it, and passes it to the request that has the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Upstream extends ChannelInboundHandlerAdapter {
    /** Informational answers are swallowed; a replica that sends more than this is broken. */
    private static final int INFORMATIONAL_MAX = 8;

    /** Whose request the connection carries. */
    interface Reader {
        void head(HttpResponse head);

        /** The last part ends the answer; the connection is then no longer the reader's. */
        void part(HttpContent part);

        void readComplete();

        void writabilityChanged();

        /** The answer is not HTTP, or breaks a limit. */
        void invalid(String what);

        /** The connection ended before the answer did. */
        void lost(@Nullable Throwable cause);
    }

    private final Backend backend;
    private final Upstreams pool;
    private final @Nullable Http2Link shared;

    @SuppressWarnings("NullAway.Init") // set when it becomes a handler, which is at once
    private Channel channel;

    private @Nullable Reader reader;
    private @Nullable Throwable cause;
    private boolean used;
    private boolean keepAlive;
    private boolean inAnswer;
    private boolean skipping;
    private int informational;
    private long idleSince;

    /**
     * @param shared the connection of which this is one stream, if it is one
     */
    Upstream(Backend backend, Upstreams pool, @Nullable Http2Link shared) {
        this.backend = backend;
        this.pool = pool;
        this.shared = shared;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    Channel channel() {
        return channel;
    }

    Backend backend() {
        return backend;
    }

    /**
     * Whether its end says nothing against the replica: an earlier request was answered over it, so
     * that it may have been closing ever since, or it is a stream among others.
     */
    boolean used() {
        return used || shared != null;
    }

    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanos) {
        idleSince = nanos;
    }

    void lendTo(Reader next) {
        reader = next;
        keepAlive = false;
        inAnswer = false;
        skipping = false;
        informational = 0;
    }

    /** The request needs it no more, and its answer, if any, is not whole. */
    void cutOff() {
        reader = null;
        channel.close();
    }

    /** Back to the pool if both sides are done with the exchange, else the connection ends. */
    void giveBack(boolean requestSent) {
        reader = null;
        used = true;
        channel.config().setAutoRead(true);
        if (shared == null && keepAlive && requestSent && channel.isActive()) {
            pool.keep(this);
        } else {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Reader current = reader;
        if (current == null || !(message instanceof HttpObject object)) {
            // Bytes that nobody asked for: the next request would take them for its answer.
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        if (object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            fail(
                    current,
                    "it does not speak HTTP/1.1: " + object.decoderResult().cause().getMessage());
            return;
        }
        if (object instanceof HttpResponse head) {
            onHead(current, head);
        }
        if (object instanceof HttpContent part && reader != null) {
            onPart(current, part);
        }
    }

    private void onHead(Reader current, HttpResponse head) {
        int status = head.status().code();
        skipping = status < 200;
        if (status == 101) {
            fail(current, "it switched protocols unasked");
        } else if (skipping && ++informational > INFORMATIONAL_MAX) {
            fail(current, "it sent more than " + INFORMATIONAL_MAX + " informational answers");
        } else if (!skipping) {
            keepAlive = HttpUtil.isKeepAlive(head);
            inAnswer = true;
            current.head(head);
        }
    }

    private void onPart(Reader current, HttpContent part) {
        if (skipping) {
            part.release();
            skipping = !(part instanceof LastHttpContent);
        } else if (inAnswer) {
            inAnswer = !(part instanceof LastHttpContent);
            current.part(part);
        } else {
            part.release();
            fail(current, "it sent a body without a head");
        }
    }

    private void fail(Reader current, String what) {
        reader = null;
        channel.close();
        current.invalid(what);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (reader != null) {
            reader.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (reader != null) {
            reader.writabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Reader current = reader;
        reader = null;
        if (current == null) {
            pool.forget(this);
        } else {
            boolean otherTongue = cause == null && shared != null && !shared.isAnswered();
            current.lost(otherTongue ? new ProtocolException("it speaks no HTTP/2") : cause);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failed) {
        cause = failed;
        ctx.close();
    }
}
