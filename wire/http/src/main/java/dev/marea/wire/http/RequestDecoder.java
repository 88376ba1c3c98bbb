package dev.marea.wire.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to {@link CheckedRequest}, contents and {@link Refused}, one request at a time: after a
 * request's last byte it waits for {@link #next}. Written by hand because Netty's own decoder
 * forgives (folded lines, no Host, chunk extensions) before anyone behind it could look; being
 * strict also makes it shorter.
 */
final class RequestDecoder extends ByteToMessageDecoder {
    /** Pipelined bytes kept while a request is being answered; reading stops beyond. */
    private static final int AHEAD_BYTES_MAX = 64 << 10;

    /** The method, the version and what separates them. */
    private static final int REQUEST_LINE_REST_MAX = 64;

    private static final int CHUNK_DIGITS_MAX = 8;
    private static final int CHUNK_LINE_MAX = 16;

    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(
                    Unpooled.wrappedBuffer(
                            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII)));

    /** Told to the handler behind when the first bytes of a head are there but not its end. */
    enum HeadBegun {
        EVENT
    }

    /** The end of this connection's requests: answer it and close. */
    record Refused(Refusal refusal, String message, String path) {}

    private enum State {
        REQUEST_LINE,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        ANSWERING,
        REFUSED
    }

    private final HttpLimits limits;
    private final Runnable toHttp2;
    private boolean fresh = true;
    private State state = State.REQUEST_LINE;
    private @Nullable RequestHead head;
    private String path = "";
    private int headBytes;
    private int scanned;
    private int chunks;
    private long left;
    private long bodyBytes;
    private boolean strayLine;
    private boolean decoding;
    private boolean resuming;
    private boolean again;

    /**
     * @param toHttp2 furnishes the pipeline behind for a client that begins with HTTP/2's preface
     */
    RequestDecoder(HttpLimits limits, Runnable toHttp2) {
        this.limits = limits;
        this.toHttp2 = toHttp2;
    }

    /** The answer is out: the next request may be read. */
    void next(ChannelPipeline pipeline) {
        if (state != State.ANSWERING) {
            return;
        }
        reset();
        again = true;
        if (!decoding && !resuming) {
            resume(pipeline.context(this));
        }
    }

    /** A loop, not a recursion: answering inside it calls {@link #next} again. */
    private void resume(ChannelHandlerContext self) {
        resuming = true;
        try {
            while (again) {
                again = false;
                channelRead(self, Unpooled.EMPTY_BUFFER);
                channelReadComplete(self);
            }
        } catch (Exception failed) {
            self.fireExceptionCaught(failed);
        } finally {
            resuming = false;
        }
    }

    /** Takes no more requests; what still comes in is thrown away. */
    void stop() {
        state = State.REFUSED;
    }

    /** True while enough pipelined bytes wait behind the request in hand. */
    boolean isAhead() {
        return state == State.ANSWERING && actualReadableBytes() >= AHEAD_BYTES_MAX;
    }

    private boolean inHead() {
        return switch (state) {
            case REQUEST_LINE -> actualReadableBytes() > 0;
            case HEADERS -> true;
            case BODY, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS, ANSWERING, REFUSED -> false;
        };
    }

    private void reset() {
        state = State.REQUEST_LINE;
        head = null;
        path = "";
        headBytes = 0;
        scanned = 0;
        chunks = 0;
        bodyBytes = 0;
        strayLine = false;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (inHead()) {
            ctx.fireUserEventTriggered(HeadBegun.EVENT);
        }
        super.channelReadComplete(ctx);
    }

    @Override
    protected void callDecode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        decoding = true;
        try {
            super.callDecode(ctx, in, out);
        } finally {
            decoding = false;
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (fresh && isPreface(in)) {
            leaveToHttp2(ctx, in);
            return;
        }
        try {
            step(in, out);
        } catch (RefusedRequest refused) {
            stop();
            in.skipBytes(in.readableBytes());
            out.add(new Refused(refused.refusal(), String.valueOf(refused.getMessage()), path));
        }
    }

    /** Whether all that has come may be HTTP/2's preface. */
    private boolean isPreface(ByteBuf in) {
        int come = Math.min(in.readableBytes(), PREFACE.readableBytes());
        return ByteBufUtil.equals(in, in.readerIndex(), PREFACE, 0, come);
    }

    private void leaveToHttp2(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() >= PREFACE.readableBytes()) {
            toHttp2.run();
            ctx.pipeline().remove(this);
        }
    }

    /** A connection that ends inside a request leaves nothing to decode. */
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        in.skipBytes(in.readableBytes());
    }

    private void step(ByteBuf in, List<Object> out) throws RefusedRequest {
        switch (state) {
            case REQUEST_LINE -> requestLine(in);
            case HEADERS -> header(in, out);
            case BODY -> body(in, out);
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK_DATA -> chunkData(in, out);
            case CHUNK_END -> chunkEnd(in);
            case TRAILERS -> trailer(in, out);
            case ANSWERING -> {}
            case REFUSED -> in.skipBytes(in.readableBytes());
        }
    }

    private void requestLine(ByteBuf in) throws RefusedRequest {
        if (headBytes == 0 && in.isReadable() && in.getByte(in.readerIndex()) == 0x16) {
            throw new RefusedRequest(
                    Refusal.NOT_HTTP, "this port speaks plain HTTP, and these bytes look like TLS");
        }
        var line =
                line(
                        in,
                        limits.uriBytesMax() + REQUEST_LINE_REST_MAX,
                        Refusal.URI_TOO_LONG,
                        "the URI is longer than " + limits.uriBytesMax() + " bytes");
        if (line == null) {
            return;
        }
        if (line.isEmpty() && !strayLine) {
            strayLine = true; // some clients end a body with one more line, none with two
            return;
        }
        fresh = false;
        headBytes = line.length();
        head = RequestHead.start(line, limits);
        state = State.HEADERS;
    }

    private void header(ByteBuf in, List<Object> out) throws RefusedRequest {
        var open = head();
        for (var line = headLine(in); line != null; line = headLine(in)) {
            if (line.isEmpty()) {
                begin(open.finish(), out);
                return;
            }
            open.header(line);
        }
    }

    private void begin(CheckedRequest request, List<Object> out) throws RefusedRequest {
        path = request.path().path();
        var length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        boolean chunked = request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
        left = length == null ? 0 : Long.parseLong(length);
        if (left > limits.bodyBytesMax()) {
            throw tooLarge();
        }
        out.add(request);
        if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (left > 0) {
            state = State.BODY;
        } else {
            end(out);
        }
    }

    private void body(ByteBuf in, List<Object> out) {
        take(in, out);
        if (left == 0) {
            end(out);
        }
    }

    private void take(ByteBuf in, List<Object> out) {
        int n = (int) Math.min(left, in.readableBytes());
        if (n > 0) {
            out.add(new DefaultHttpContent(in.readRetainedSlice(n)));
            left -= n;
        }
    }

    private void chunkSize(ByteBuf in) throws RefusedRequest {
        var line = line(in, CHUNK_LINE_MAX, Refusal.BAD_CHUNK, "a chunk size line is too long");
        if (line == null) {
            return;
        }
        left = size(line);
        if (left == 0) {
            state = State.TRAILERS;
            return;
        }
        if (++chunks > limits.chunksMax()) {
            throw new RefusedRequest(
                    Refusal.TOO_MANY_CHUNKS, "more than " + limits.chunksMax() + " chunks");
        }
        bodyBytes += left;
        if (bodyBytes > limits.bodyBytesMax()) {
            throw tooLarge();
        }
        state = State.CHUNK_DATA;
    }

    private static long size(String line) throws RefusedRequest {
        boolean hex =
                !line.isEmpty()
                        && line.length() <= CHUNK_DIGITS_MAX
                        && line.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        if (!hex) {
            throw badChunk("a chunk size is not 1 to 8 hexadecimal digits without extensions");
        }
        return Long.parseLong(line, 16);
    }

    private void chunkData(ByteBuf in, List<Object> out) {
        take(in, out);
        if (left == 0) {
            state = State.CHUNK_END;
        }
    }

    private void chunkEnd(ByteBuf in) throws RefusedRequest {
        if (in.readableBytes() >= 2) {
            if (in.readByte() != '\r' || in.readByte() != '\n') {
                throw badChunk("a chunk's data does not end with CRLF");
            }
            state = State.CHUNK_SIZE;
        }
    }

    /** Trailers are checked like headers and then dropped, as RFC 9110 allows. */
    private void trailer(ByteBuf in, List<Object> out) throws RefusedRequest {
        var open = head();
        for (var line = headLine(in); line != null; line = headLine(in)) {
            if (line.isEmpty()) {
                end(out);
                return;
            }
            open.header(line);
        }
    }

    private void end(List<Object> out) {
        state = State.ANSWERING;
        out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private @Nullable String headLine(ByteBuf in) throws RefusedRequest {
        var message = "the headers are longer than " + limits.headBytesMax() + " bytes";
        int before = in.readerIndex();
        var line = line(in, limits.headBytesMax() - headBytes, Refusal.HEADERS_TOO_LARGE, message);
        headBytes += in.readerIndex() - before;
        return line;
    }

    /** The next line without its CRLF, or null while it is not whole; resumes where it stopped. */
    private @Nullable String line(ByteBuf in, int bytesMax, Refusal refusal, String message)
            throws RefusedRequest {
        int start = in.readerIndex();
        int end = in.indexOf(start + scanned, in.writerIndex(), (byte) '\n');
        int length = (end < 0 ? in.writerIndex() : end + 1) - start;
        if (length > bytesMax) {
            throw new RefusedRequest(refusal, message);
        }
        if (end < 0) {
            scanned = length;
            return null;
        }
        scanned = 0;
        if (length < 2 || in.getByte(end - 1) != '\r') {
            throw new RefusedRequest(
                    head == null ? Refusal.BAD_REQUEST_LINE : Refusal.BAD_HEADER,
                    "a line ends with LF alone, not CRLF");
        }
        var line = in.toString(start, length - 2, StandardCharsets.ISO_8859_1);
        in.readerIndex(end + 1);
        return line;
    }

    private RequestHead head() {
        var open = head;
        if (open == null) {
            throw new AssertionError("a header comes after its request line");
        }
        return open;
    }

    private RefusedRequest tooLarge() {
        return tooLarge(limits);
    }

    static RefusedRequest tooLarge(HttpLimits limits) {
        return new RefusedRequest(
                Refusal.BODY_TOO_LARGE,
                "the body is larger than " + limits.bodyBytesMax() + " bytes");
    }

    private static RefusedRequest badChunk(String message) {
        return new RefusedRequest(Refusal.BAD_CHUNK, message);
    }
}
