package dev.marea.server.rest;

import dev.marea.server.predict.ServerMetrics;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Who waits at the other end of a connection: it is answered from any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as a closed channel
final class Client {
    /** The door cuts a client that reads nothing for so long; this is only the last resort. */
    private static final Duration STALLED = Duration.ofSeconds(90);

    private static final byte[] EVENT = JsonOut.ascii("data: ");
    private static final byte[] EVENT_END = JsonOut.ascii("\n\n");
    private static final String EVENTS = "text/event-stream; charset=utf-8";

    private final Channel channel;
    private final ServerMetrics metrics;
    private final Object room = new Object();

    Client(Channel channel, ServerMetrics metrics) {
        this.channel = channel;
        this.metrics = metrics;
    }

    boolean isGone() {
        return !channel.isActive();
    }

    void answer(Reply reply) {
        metrics.answered(reply.status());
        channel.writeAndFlush(reply.message(), channel.voidPromise());
    }

    /** Begins an answer of unknown length. */
    void beginEvents() {
        metrics.answered(200);
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, EVENTS)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE)
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        channel.write(head, channel.voidPromise());
    }

    /** Sends one event, when the client has taken enough of those before. Waits on this thread. */
    void event(byte[] json) {
        awaitRoom();
        channel.writeAndFlush(
                new DefaultHttpContent(Unpooled.wrappedBuffer(EVENT, json, EVENT_END)),
                channel.voidPromise());
    }

    void endEvents() {
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
    }

    private void awaitRoom() {
        long deadline = System.nanoTime() + STALLED.toNanos();
        synchronized (room) {
            while (channel.isActive() && !channel.isWritable()) {
                long leftMs = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    channel.close();
                    throw new CancellationException("the client reads nothing");
                }
                try {
                    room.wait(leftMs);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    throw new CancellationException("the server ends");
                }
            }
        }
        if (isGone()) {
            throw new CancellationException("the client is gone");
        }
    }

    /** There is room again, or nobody to need it. */
    void changed() {
        synchronized (room) {
            room.notifyAll();
        }
    }
}
