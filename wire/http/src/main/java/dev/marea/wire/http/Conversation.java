package dev.marea.wire.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/**
 * One connection's manners: one request at a time, its timers, its refusals, when to close. The
 * application's handler stands behind it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Conversation extends ChannelDuplexHandler {
    /**
     * How long bytes already sent by the client are read and dropped, so that no reset eats our
     * answer.
     */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** Told to every connection when the door closes. */
    record Drain(Duration idleGrace) {}

    /** What the deadline is for. */
    private enum Waiting {
        REQUEST,
        HEAD,
        BODY,
        ANSWER,
        GOODBYE
    }

    private final HttpLimits limits;
    private final ErrorBody errors;
    private final DoorCounters counters;
    private final RequestDecoder decoder;
    private final AnswerEncoder encoder;

    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext ctx;

    @SuppressWarnings("NullAway.Init")
    private Deadline deadline;

    private Waiting waiting = Waiting.REQUEST;
    private boolean answering;
    private boolean answerBegun;
    private boolean lastRequest;
    private boolean over;
    private boolean oldVersion;
    private boolean readHeld;
    private long bodyDue;
    private final Progress progress = new Progress();

    Conversation(
            DoorSettings settings,
            DoorCounters counters,
            RequestDecoder decoder,
            AnswerEncoder encoder) {
        this.limits = settings.limits();
        this.errors = settings.errors();
        this.counters = counters;
        this.decoder = decoder;
        this.encoder = encoder;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        deadline = new Deadline(context.executor(), this::due);
        waitFor(Waiting.REQUEST, limits.keepAlive());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case RequestDecoder.Refused(var refusal, var text, var path) ->
                    refuse(refusal, text, path);
            case CheckedRequest request -> begin(request);
            case LastHttpContent end -> {
                progress.reset();
                waitFor(Waiting.ANSWER, limits.stalled().dividedBy(2));
                ctx.fireChannelRead(end);
            }
            case HttpContent part -> {
                waitForBody();
                ctx.fireChannelRead(part);
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void begin(CheckedRequest request) {
        counters.request();
        answering = true;
        answerBegun = false;
        oldVersion = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        lastRequest |= oldVersion || !HttpUtil.isKeepAlive(request);
        encoder.asked(request.method());
        bodyDue = System.nanoTime() + limits.bodyTime().toNanos();
        waitForBody();
        if (request.headers().contains(HttpHeaderNames.EXPECT)) {
            request.headers().remove(HttpHeaderNames.EXPECT);
            ctx.writeAndFlush(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.CONTINUE,
                            Unpooled.EMPTY_BUFFER));
        }
        ctx.fireChannelRead(request);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (decoder.isAhead() && context.channel().config().isAutoRead()) {
            readHeld = true;
            context.channel().config().setAutoRead(false);
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case RequestDecoder.HeadBegun _ -> {
                if (waiting == Waiting.REQUEST) {
                    waitFor(Waiting.HEAD, limits.headTime());
                }
            }
            case Drain(var idleGrace) -> {
                lastRequest = true;
                if (waiting == Waiting.REQUEST) {
                    waitFor(Waiting.REQUEST, idleGrace);
                }
            }
            default -> context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (over || !answering) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        if (message instanceof HttpResponse answer && !isInterim(answer)) {
            head(answer);
        }
        if (message instanceof LastHttpContent && answerBegun) {
            context.write(message, promise.unvoid().addListener(this::answered));
        } else {
            context.write(message, promise);
        }
    }

    private static boolean isInterim(HttpResponse answer) {
        return answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /** Says in the answer's head what will become of the connection. */
    private void head(HttpResponse answer) {
        answerBegun = true;
        boolean bodyUnread = waiting != Waiting.ANSWER;
        if (oldVersion) {
            answer.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        if (bodyUnread || !isFramed(answer) || !HttpUtil.isKeepAlive(answer)) {
            lastRequest = true;
        }
        if (lastRequest) {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private static boolean isFramed(HttpResponse answer) {
        int status = answer.status().code();
        return status == 204
                || status == 304
                || answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                || HttpUtil.isTransferEncodingChunked(answer);
    }

    private void answered(Future<? super Void> written) {
        if (!written.isSuccess() || over) {
            ctx.close();
            return;
        }
        answering = false;
        if (lastRequest) {
            sayGoodbye();
            return;
        }
        waitFor(Waiting.REQUEST, limits.keepAlive());
        if (readHeld) {
            readHeld = false;
            ctx.channel().config().setAutoRead(true);
        }
        decoder.next(ctx.pipeline());
    }

    /** For a connection beyond the limit: an answer, whatever it may ask, and the end. */
    void turnAway(String message) {
        refuse(Refusal.TOO_MANY_CONNECTIONS, message, "");
    }

    /** Answers in the application's stead, and takes no more requests. */
    private void refuse(Refusal refusal, String message, String path) {
        counters.refuse(refusal);
        decoder.stop();
        boolean answerable = !over && !answerBegunNow();
        boolean cut = answering;
        over = true;
        if (!answerable) {
            ctx.close();
        } else {
            if (!cut) {
                encoder.asked(HttpMethod.GET);
            }
            ctx.writeAndFlush(
                            Refusals.answer(refusal, errors.bytes(refusal.status(), message, path)))
                    .addListener(_ -> sayGoodbye());
        }
        if (cut) {
            ctx.fireUserEventTriggered(new RequestCut(refusal));
        }
    }

    private boolean answerBegunNow() {
        return answering && answerBegun;
    }

    /** Closes our half, and the rest when the client has closed its own or a moment has passed. */
    private void sayGoodbye() {
        over = true;
        decoder.stop();
        Channel channel = ctx.channel();
        waitFor(Waiting.GOODBYE, LINGER);
        channel.config().setAutoRead(true);
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    private void due() {
        switch (waiting) {
            case REQUEST, GOODBYE -> ctx.close();
            case HEAD ->
                    refuse(
                            Refusal.SLOW_HEAD,
                            "the head took longer than " + limits.headTime().toMillis() + " ms",
                            "");
            case BODY -> bodyDue();
            case ANSWER -> answerDue();
        }
    }

    private void bodyDue() {
        boolean weAreSlow = !ctx.channel().config().isAutoRead();
        if (weAreSlow && System.nanoTime() - bodyDue < 0) {
            waitForBody();
        } else {
            refuse(Refusal.SLOW_BODY, "the body came too slowly", "");
        }
    }

    private void answerDue() {
        if (progress.stalledFor(ctx.channel(), limits.stalled())) {
            counters.refuse(Refusal.STALLED_READER);
            ctx.close();
        } else {
            waitFor(Waiting.ANSWER, limits.stalled().dividedBy(2));
        }
    }

    private void waitForBody() {
        var rest = Duration.ofNanos(Math.max(0, bodyDue - System.nanoTime()));
        waitFor(Waiting.BODY, rest.compareTo(limits.bodyIdle()) < 0 ? rest : limits.bodyIdle());
    }

    private void waitFor(Waiting what, Duration time) {
        waiting = what;
        deadline.in(time.toNanos());
    }

    /** The client speaks HTTP/2, which has manners of its own. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        deadline.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over = true;
        deadline.close();
        context.fireChannelInactive();
    }

    /** A broken connection or handshake: nobody is left to answer. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
