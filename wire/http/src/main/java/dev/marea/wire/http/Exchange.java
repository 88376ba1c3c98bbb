package dev.marea.wire.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers one request at a time and runs the handler for it on a thread of its own. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Exchange extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final DoorSettings settings;
    private final Handler handler;
    private final Executor threads;
    private final Semaphore room;
    private @Nullable CheckedRequest head;
    private BodyBuffer body = BodyBuffer.NONE;

    Exchange(DoorSettings settings, Handler handler, Executor threads, Semaphore room) {
        this.settings = settings;
        this.handler = handler;
        this.threads = threads;
        this.room = room;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof CheckedRequest request) {
                head = request;
                body = BodyBuffer.of(request);
            }
            if (message instanceof HttpContent part && head != null) {
                take(ctx, head, part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /**
     * The door bounds bodies, but not gRPC's streams: here a request is gathered, whatever it is.
     */
    private void take(ChannelHandlerContext ctx, CheckedRequest request, HttpContent part) {
        long size = (long) body.size() + part.content().readableBytes();
        if (size > settings.limits().bodyBytesMax()) {
            forget();
            var message = String.valueOf(RequestDecoder.tooLarge(settings.limits()).getMessage());
            int status = Refusal.BODY_TOO_LARGE.status();
            new Answer(ctx.channel(), settings.limits().stalled())
                    .error(status, Map.of(), errorBody(status, message, request));
            return;
        }
        body.add(part.content());
        if (part instanceof LastHttpContent) {
            run(ctx, request);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof RequestCut) {
            forget();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forget();
    }

    private void forget() {
        head = null;
        body = BodyBuffer.NONE;
    }

    private void run(ChannelHandlerContext ctx, CheckedRequest checked) {
        var answer = new Answer(ctx.channel(), settings.limits().stalled());
        var bytes = body.bytes();
        forget();
        if (!room.tryAcquire()) {
            refuseBusy(answer, checked);
            return;
        }
        try {
            threads.execute(() -> handle(checked, bytes, answer));
        } catch (RejectedExecutionException _) {
            room.release();
            ctx.close();
        }
    }

    private void refuseBusy(Answer answer, CheckedRequest checked) {
        answer.error(
                Refusal.TOO_MANY_REQUESTS.status(),
                Map.of("retry-after", "1"),
                errorBody(
                        Refusal.TOO_MANY_REQUESTS.status(),
                        "more than " + settings.limits().requestsMax() + " requests are running",
                        checked));
    }

    private void handle(CheckedRequest checked, byte[] bytes, Answer answer) {
        try {
            handler.handle(request(checked, bytes), answer);
            answer.finish();
        } catch (RefusedRequest refused) {
            int status = refused.refusal().status();
            answer.error(
                    status,
                    Map.of(),
                    errorBody(status, String.valueOf(refused.getMessage()), checked));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            answer.abandon();
        } catch (IOException | RuntimeException | Error failed) {
            fail(checked, answer, failed);
        } finally {
            room.release();
        }
    }

    /**
     * A client that went away is no failure of ours; everything else is, and is logged here only.
     */
    private void fail(CheckedRequest checked, Answer answer, Throwable failed) {
        if (!answer.clientGone()) {
            LOG.error("{} {} failed", checked.method(), checked.path().path(), failed);
        }
        answer.error(500, Map.of(), errorBody(500, "internal error", checked));
    }

    private byte[] errorBody(int status, String message, CheckedRequest checked) {
        return settings.errors().bytes(status, message, checked.path().path());
    }

    private static Request request(CheckedRequest checked, byte[] bytes) throws RefusedRequest {
        var headers = new LinkedHashMap<String, List<String>>();
        for (var header : checked.headers()) {
            headers.computeIfAbsent(
                            header.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
                    .add(header.getValue());
        }
        var path = checked.path();
        return new Request(checked.method().name(), path.path(), path.query(), headers, bytes);
    }
}
