package dev.marea.wire.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/**
 * One HTTP/2 stream, which the application's handler behind sees as a connection with one request:
 * frames to {@link CheckedRequest} and contents, answers to frames, its timers, its refusals.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Http2Exchange extends ChannelDuplexHandler {
    /** What is left of a request that was answered early is dropped for so long. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** Large contents go out in parts, so that a slow reader's progress is seen. */
    private static final int DATA_BYTES_MAX = 64 << 10;

    /** What the deadline is for. */
    private enum Waiting {
        BODY,
        ANSWER,
        GOODBYE
    }

    private final HttpLimits limits;
    private final ErrorBody errors;
    private final DoorCounters counters;
    private final Http2Session session;
    private final Progress progress = new Progress();

    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext ctx;

    @SuppressWarnings("NullAway.Init")
    private Deadline deadline;

    private Waiting waiting = Waiting.BODY;
    private String path = "";
    private boolean grpc;
    private boolean headOnly;
    private boolean begun;
    private boolean requestEnded;
    private boolean answerBegun;
    private boolean answered;
    private boolean refused;
    private boolean gone;
    private long bodyBytes;
    private long bodyDue;

    Http2Exchange(DoorSettings settings, DoorCounters counters, Http2Session session) {
        this.limits = settings.limits();
        this.errors = settings.errors();
        this.counters = counters;
        this.session = session;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        deadline = new Deadline(context.channel().eventLoop(), this::due);
        bodyDue = System.nanoTime() + limits.bodyTime().toNanos();
        session.opened(this);
        waitForBody();
    }

    // --- the request

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case Http2HeadersFrame head when begun -> trailers(head);
            case Http2HeadersFrame head -> begin(head.headers(), head.isEndStream());
            case Http2DataFrame data -> data(data.content(), data.isEndStream());
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void begin(Http2Headers headers, boolean whole) {
        begun = true;
        requestEnded = whole;
        headOnly = HttpMethod.HEAD.asciiName().contentEquals(String.valueOf(headers.method()));
        try {
            var request = Http2Heads.request(headers, whole, limits);
            path = request.path().path();
            grpc = Grpc.is(request);
            counters.request();
            expect(request);
            waitForBody();
            ctx.fireChannelRead(request);
            if (whole) {
                end(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        } catch (RefusedRequest bad) {
            grpc = String.valueOf(headers.get("content-type")).startsWith("application/grpc");
            refuse(bad, false);
        }
    }

    private void expect(CheckedRequest request) {
        if (request.headers().contains(HttpHeaderNames.EXPECT)) {
            request.headers().remove(HttpHeaderNames.EXPECT);
            var goOn = new DefaultHttp2Headers(false, 1);
            goOn.status(HttpResponseStatus.CONTINUE.codeAsText());
            ctx.writeAndFlush(new DefaultHttp2HeadersFrame(goOn));
        }
    }

    private void data(ByteBuf content, boolean last) {
        bodyBytes += content.readableBytes();
        if (refused || answered) {
            content.release();
        } else if (!grpc && bodyBytes > limits.bodyBytesMax()) { // gRPC's bound is on messages
            content.release();
            requestEnded = last;
            refuse(RequestDecoder.tooLarge(limits), true);
            return;
        } else if (content.isReadable()) {
            waitForBody();
            ctx.fireChannelRead(new DefaultHttpContent(content));
        } else {
            content.release();
        }
        if (last) {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void trailers(Http2HeadersFrame frame) {
        try {
            var trailers = Http2Heads.trailers(frame.headers(), limits);
            var last = new DefaultLastHttpContent();
            last.trailingHeaders().set(trailers);
            end(last);
        } catch (RefusedRequest bad) {
            requestEnded = true;
            refuse(bad, true);
        }
    }

    private void end(LastHttpContent last) {
        requestEnded = true;
        if (refused || answered) {
            last.release();
            return;
        }
        progress.reset();
        waitFor(Waiting.ANSWER, limits.stalled().dividedBy(2));
        ctx.fireChannelRead(last);
    }

    // --- the answer

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (refused || gone || !begun) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        if (answered) { // by its head alone: what follows is empty, or the body of a HEAD
            ReferenceCountUtil.release(message);
            promise.trySuccess();
            return;
        }
        session.answers();
        switch (message) {
            case HttpResponse head -> head(head, promise);
            case HttpContent part -> part(part, promise);
            case ByteBuf raw -> frame(raw, false, promise);
            default -> context.write(message, promise);
        }
    }

    private void head(HttpResponse head, ChannelPromise promise) {
        boolean interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        answerBegun |= !interim;
        var headers = Http2Heads.answer(head);
        if (interim) {
            ReferenceCountUtil.release(head);
            ctx.write(new DefaultHttp2HeadersFrame(headers), promise);
        } else if (headOnly || isBare(head) || head.headers().contains(Grpc.STATUS)) {
            ReferenceCountUtil.release(head);
            last(new DefaultHttp2HeadersFrame(headers, true), promise);
        } else if (head instanceof FullHttpResponse whole) {
            ctx.write(new DefaultHttp2HeadersFrame(headers));
            part(whole, promise);
        } else {
            ctx.write(new DefaultHttp2HeadersFrame(headers), promise);
        }
    }

    private static boolean isBare(HttpResponse head) {
        return head instanceof FullHttpResponse whole
                && !whole.content().isReadable()
                && whole.trailingHeaders().isEmpty();
    }

    private void part(HttpContent part, ChannelPromise promise) {
        if (!(part instanceof LastHttpContent last)) {
            frame(part.content(), false, promise);
        } else if (last.trailingHeaders().isEmpty()) {
            frame(last.content(), true, promise);
        } else {
            if (last.content().isReadable()) {
                frame(last.content(), false, ctx.newPromise());
            } else {
                last.release();
            }
            last(new DefaultHttp2HeadersFrame(Http2Heads.trailers(last), true), promise);
        }
    }

    private void frame(ByteBuf content, boolean last, ChannelPromise promise) {
        while (content.readableBytes() > DATA_BYTES_MAX) {
            ctx.write(new DefaultHttp2DataFrame(content.readRetainedSlice(DATA_BYTES_MAX)));
        }
        if (last) {
            last(new DefaultHttp2DataFrame(content, true), promise);
        } else {
            ctx.write(new DefaultHttp2DataFrame(content), promise);
        }
    }

    private void last(Object frame, ChannelPromise promise) {
        answered = true;
        ctx.write(frame, requestEnded ? promise : promise.unvoid().addListener(_ -> sayGoodbye()));
    }

    /** Answered, but not asked to the end: what still comes is dropped for a moment. */
    private void sayGoodbye() {
        ctx.channel().config().setAutoRead(true);
        waitFor(Waiting.GOODBYE, LINGER);
    }

    // --- refusals

    /** Answers in the application's stead. */
    private void refuse(RefusedRequest why, boolean inHand) {
        counters.refuse(why.refusal());
        if (answerBegun) {
            reset(Http2Error.INTERNAL_ERROR);
        } else {
            var message = String.valueOf(why.getMessage());
            int status = why.refusal().status();
            head(
                    grpc
                            ? Grpc.answer(Grpc.status(status), message)
                            : Refusals.answer(why.refusal(), errors.bytes(status, message, path)),
                    ctx.newPromise());
            ctx.flush();
        }
        refused = true;
        if (inHand) {
            ctx.fireUserEventTriggered(new RequestCut(why.refusal()));
        }
    }

    private void due() {
        switch (waiting) {
            case BODY -> bodyDue();
            case ANSWER -> answerDue();
            case GOODBYE -> {
                if (!requestEnded) {
                    reset(Http2Error.NO_ERROR);
                }
            }
        }
    }

    private void bodyDue() {
        boolean late = System.nanoTime() - bodyDue >= 0;
        boolean weAreSlow = !ctx.channel().config().isAutoRead();
        if (!begun) {
            reset(Http2Error.PROTOCOL_ERROR);
        } else if ((grpc && answerBegun) || (weAreSlow && !late)) {
            waitForBody();
        } else {
            refuse(new RefusedRequest(Refusal.SLOW_BODY, "the body came too slowly"), true);
        }
    }

    private void answerDue() {
        if (progress.stalledFor(ctx.channel(), limits.stalled())) {
            counters.refuse(Refusal.STALLED_READER);
            reset(Http2Error.CANCEL);
        } else {
            waitFor(Waiting.ANSWER, limits.stalled().dividedBy(2));
        }
    }

    /** gRPC's streams may be silent for long; those that have not begun to be answered end once. */
    private void waitForBody() {
        long idle = limits.bodyIdle().toNanos();
        long rest = Math.max(0, bodyDue - System.nanoTime());
        long time = Math.min(idle, rest);
        if (grpc) {
            time = answerBegun ? idle : rest;
        }
        waitFor(Waiting.BODY, Duration.ofNanos(time));
    }

    private void waitFor(Waiting what, Duration time) {
        waiting = what;
        deadline.in(time.toNanos());
    }

    // --- the end

    private void reset(Http2Error error) {
        gone = true;
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(error));
        ctx.close();
    }

    /** The application gives up: an answer that is not whole must not look so. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!gone && !answered) {
            gone = true;
            context.write(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        }
        context.close(promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame) {
            connectionGone();
        }
        ReferenceCountUtil.release(event);
    }

    /** Closes at once: unread frames would keep the channel open and its handler unaware. */
    void connectionGone() {
        gone = true;
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone = true;
        deadline.close();
        session.closed(this);
        context.fireChannelInactive();
    }

    /** Frames that break the rules of a stream: the codec resets it and closes this channel. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        gone = true;
        if (cause instanceof Http2Exception) {
            counters.refuse(Refusal.BAD_FRAMES);
        }
    }
}
