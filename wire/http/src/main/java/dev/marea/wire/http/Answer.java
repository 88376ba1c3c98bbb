package dev.marea.wire.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The answer of a blocking handler, given once. Used by the handler's thread. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Answer implements Response {
    private final Channel channel;
    private final Duration stalled;
    private boolean begun;
    private @Nullable Chunks chunks;

    Answer(Channel channel, Duration stalled) {
        this.channel = channel;
        this.stalled = stalled;
    }

    @Override
    public void send(int status, Map<String, String> headers, byte[] body) throws IOException {
        begin();
        var answer =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(body));
        headers.forEach(answer.headers()::set);
        if (status != 204 && status != 304) {
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        channel.writeAndFlush(answer, channel.voidPromise());
    }

    @Override
    public OutputStream stream(int status, Map<String, String> headers) throws IOException {
        begin();
        HttpResponse answer =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        headers.forEach(answer.headers()::set);
        answer.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        await(channel.writeAndFlush(answer));
        chunks = new Chunks();
        return chunks;
    }

    @Override
    public boolean clientGone() {
        return !channel.isActive();
    }

    private void begin() throws IOException {
        if (begun) {
            throw new IllegalStateException("a request is answered once");
        }
        if (clientGone()) {
            throw new IOException("the client is gone");
        }
        begun = true;
    }

    /** Answers where the handler did not; an answer that has begun can only be cut short. */
    void error(int status, Map<String, String> headers, byte[] body) {
        if (begun) {
            abandonOpenStream();
            return;
        }
        begun = true;
        var answer = Refusals.json(status, body);
        headers.forEach(answer.headers()::set);
        channel.writeAndFlush(answer, channel.voidPromise());
    }

    /** The handler has returned: whatever it left open ends here. */
    void finish() throws IOException {
        if (!begun) {
            throw new IllegalStateException("the handler returned without an answer");
        }
        if (chunks != null) {
            chunks.close();
        }
    }

    /** Cuts the connection, so that the client sees no whole answer. */
    void abandon() {
        channel.close();
    }

    private void abandonOpenStream() {
        if (chunks != null && !chunks.closed) {
            abandon();
        }
    }

    /** Blocks until the bytes are with the kernel, which is when a slow client has made room. */
    private void await(ChannelFuture written) throws IOException {
        try {
            if (!written.await(stalled.toMillis(), TimeUnit.MILLISECONDS)) {
                abandon();
                throw new IOException("the client read nothing for " + stalled);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            abandon();
            throw (IOException)
                    new InterruptedIOException("interrupted while writing").initCause(interrupted);
        }
        if (!written.isSuccess()) {
            throw new IOException("the client is gone", written.cause());
        }
    }

    private final class Chunks extends OutputStream {
        private static final int CHUNK_BYTES = 16 << 10;

        private final byte[] buffer = new byte[CHUNK_BYTES];
        private int size;
        private boolean closed;

        @Override
        public void write(int b) throws IOException {
            if (size == CHUNK_BYTES) {
                flush();
            }
            buffer[size++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int at = from;
            int left = length;
            while (left > 0) {
                if (size == CHUNK_BYTES) {
                    flush();
                }
                int n = Math.min(left, CHUNK_BYTES - size);
                System.arraycopy(bytes, at, buffer, size, n);
                size += n;
                at += n;
                left -= n;
            }
        }

        @Override
        public void flush() throws IOException {
            if (closed) {
                throw new IOException("the answer has ended");
            }
            if (size > 0) {
                var chunk = Unpooled.copiedBuffer(buffer, 0, size);
                size = 0;
                await(channel.writeAndFlush(new DefaultHttpContent(chunk)));
            } else if (clientGone()) {
                throw new IOException("the client is gone");
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                flush();
                closed = true;
                await(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
            }
        }
    }
}
