package dev.marea.server.grpc;

import dev.marea.server.predict.ServerMetrics;
import dev.marea.wire.http.Grpc;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one who called, and waits for answers. Answers may come from any thread; they are written on
 * the event loop, in the order in which they came, and none after the end.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as a closed channel
final class Caller {
    private static final DefaultHttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);
    private static final AsciiString TYPE = AsciiString.cached("application/grpc");
    private static final AsciiString CODINGS = AsciiString.cached("identity,gzip");
    private static final AsciiString GZIP = AsciiString.cached("gzip");
    private static final AsciiString ZERO = AsciiString.cached("0");
    private static final int PREFIX = 5;
    private static final int GZIP_FROM_BYTES = 256;

    private final Channel channel;
    private final CallHead head;
    private final ServerMetrics metrics;
    private final Runnable resume;
    private final OptionalLong deadline;
    private @Nullable Future<?> timer;
    private boolean begun;
    private volatile boolean over;

    /**
     * @param resume looks for the next message
     * @param late the deadline has passed
     */
    Caller(Channel channel, CallHead head, ServerMetrics metrics, Runnable resume, Runnable late) {
        this.channel = channel;
        this.head = head;
        this.metrics = metrics;
        this.resume = resume;
        var timeout = head.timeoutNanos();
        if (timeout.isPresent()) {
            deadline = OptionalLong.of(System.nanoTime() + timeout.getAsLong());
            timer = channel.eventLoop().schedule(late, timeout.getAsLong(), TimeUnit.NANOSECONDS);
        } else {
            deadline = OptionalLong.empty();
        }
    }

    CallHead head() {
        return head;
    }

    /** By {@link System#nanoTime()}. */
    OptionalLong deadline() {
        return deadline;
    }

    /** Whether the call has ended, by an answer, by its deadline or by the caller's going. */
    boolean isOver() {
        return over || !channel.isActive();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** Runs this on the call's event loop: now, where that is this thread. */
    void onLoop(Runnable task) {
        var loop = channel.eventLoop();
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** Runs this on the event loop after a while; it has to look whether the call is over. */
    void later(long millis, Runnable task) {
        channel.eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** The method has room for another message. */
    void resume() {
        onLoop(resume);
    }

    /** The only answer, and the end. The message is encoded on this thread. */
    void answer(Body message) {
        var frame = frame(message);
        onLoop(() -> answer(frame));
    }

    private void answer(byte[] frame) {
        if (begun || isOver()) {
            send(frame);
            end(Status.OK);
            return;
        }
        finish(Status.OK);
        channel.writeAndFlush(
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.OK,
                        Unpooled.wrappedBuffer(frame),
                        headers(),
                        trailers(Status.OK)),
                channel.voidPromise());
    }

    /** One answer of several, on the event loop; false when nobody waits for it. */
    boolean send(byte[] frame) {
        return send(frame, () -> {});
    }

    /** As {@link #send(byte[])}; says when it has left for the network, or never will. */
    boolean send(byte[] frame, Runnable gone) {
        if (isOver()) {
            gone.run();
            return false;
        }
        begin();
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(frame)))
                .addListener(_ -> gone.run());
        return true;
    }

    /** The end; whatever comes later is dropped. */
    void end(Status status) {
        onLoop(() -> {
            if (isOver()) {
                finish(status);
                return;
            }
            begin();
            finish(status);
            channel.writeAndFlush(
                    new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers(status)),
                    channel.voidPromise());
        });
    }

    /** Nobody is there any more. */
    void gone() {
        finish(Status.CANCELLED);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            channel.write(
                    new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, headers()),
                    channel.voidPromise());
        }
    }

    private void finish(Status status) {
        if (!over) {
            over = true;
            metrics.answeredCall(status.code());
        }
        stopTimer();
    }

    private void stopTimer() {
        var running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }

    private HttpHeaders headers() {
        var headers = HEADERS.newHeaders().set(HttpHeaderNames.CONTENT_TYPE, TYPE);
        headers.set(CallHead.ACCEPT_ENCODING, CODINGS);
        return head.gzipAnswers() ? headers.set(CallHead.ENCODING, GZIP) : headers;
    }

    private static HttpHeaders trailers(Status status) {
        var code = status.code() == 0 ? ZERO : Integer.toString(status.code());
        var trailers = HEADERS.newHeaders().set(Grpc.STATUS, code);
        return status.message().isEmpty()
                ? trailers
                : trailers.set(Grpc.MESSAGE, status.encodedMessage());
    }

    /** A message behind its flag and length. */
    byte[] frame(Body message) {
        int size = message.size();
        if (head.gzipAnswers() && size >= GZIP_FROM_BYTES) {
            var plain = new byte[size];
            message.writeTo(plain, 0);
            var compressed = Gzip.deflate(plain);
            var frame = framed(compressed.length, true);
            System.arraycopy(compressed, 0, frame, PREFIX, compressed.length);
            return frame;
        }
        var frame = framed(size, false);
        message.writeTo(frame, PREFIX);
        return frame;
    }

    private static byte[] framed(int size, boolean compressed) {
        var frame = new byte[Math.addExact(PREFIX, size)];
        frame[0] = (byte) (compressed ? 1 : 0);
        frame[1] = (byte) (size >>> 24);
        frame[2] = (byte) (size >>> 16);
        frame[3] = (byte) (size >>> 8);
        frame[4] = (byte) size;
        return frame;
    }
}
