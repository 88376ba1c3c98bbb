package dev.marea.server.rest;

import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import dev.marea.server.predict.ServerMetrics;
import dev.marea.wire.http.BodyBuffer;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.RequestCut;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: questions are answered on the event loop, so that health is told under
 * any load; predictions go to the workers.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as a closed channel
public final class RestConnection extends ChannelInboundHandlerAdapter {
    /** curl -d and old KServe samples send the form type, or none, with their JSON. */
    private static final Set<String> JSON_TYPES =
            Set.of("application/json", "application/x-www-form-urlencoded", "text/plain", "");

    private final Models models;
    private final Questions questions;
    private final Predictions predictions;
    private final ServerMetrics metrics;

    private @Nullable Reply decided;
    private Route route = Route.Plain.ALIVE;
    private BodyBuffer body = BodyBuffer.NONE;
    private int reserved;

    public RestConnection(Models models, Predictions predictions, ServerMetrics metrics) {
        this.models = models;
        this.questions = new Questions(models, metrics);
        this.predictions = predictions;
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof CheckedRequest request) {
                begin(request);
            }
            if (message instanceof HttpContent part) {
                gather(part);
                if (part instanceof LastHttpContent) {
                    end(ctx.channel());
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(CheckedRequest request) {
        route = Route.of(request.method().name(), request.path().path());
        decided = null;
        switch (route) {
            case Route.Question question -> decided = questions.answer(question);
            case Route.V1Predict(var name) -> beginPrediction(name, request);
            case Route.V2Infer(var name) -> beginPrediction(name, request);
        }
    }

    private void beginPrediction(String name, CheckedRequest request) {
        try {
            models.check(name, Optional.empty());
            checkContent(request.headers());
            body = BodyBuffer.of(request);
        } catch (Refused refused) {
            decided = Reply.of(refused);
        }
    }

    private static void checkContent(HttpHeaders headers) throws Refused {
        var type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        int semicolon = type.indexOf(';');
        var plain = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
        if (!JSON_TYPES.contains(plain.toLowerCase(Locale.ROOT))) {
            throw new Refused(
                    Refused.Why.WRONG_MEDIA,
                    "Content-Type must be application/json, was " + plain + ".");
        }
        var coding = headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        if (!coding.equalsIgnoreCase("identity")) {
            throw new Refused(
                    Refused.Why.WRONG_MEDIA,
                    "Content-Encoding " + coding + " is not taken; send it plain.");
        }
        if (headers.contains("inference-header-content-length")) {
            throw Refused.badInput("Binary tensor data is not taken; send JSON data.");
        }
    }

    private void gather(HttpContent part) {
        int more = part.content().readableBytes();
        if (decided != null || more == 0) {
            return;
        }
        if (predictions.reserve(more)) {
            reserved += more;
            body.add(part.content());
        } else {
            forgetBody();
            decided =
                    Reply.of(Refused.busy("request bodies fill the memory that is kept for them"));
        }
    }

    private void end(Channel channel) {
        var reply = decided;
        if (reply != null) {
            write(channel, reply);
            return;
        }
        var call = RestCall.of(route, body.bytes(), channel, answer -> write(channel, answer));
        int bytes = reserved;
        reserved = 0;
        body = BodyBuffer.NONE;
        predictions.submit(call, bytes);
    }

    private void write(Channel channel, Reply reply) {
        metrics.answered(reply.status());
        channel.writeAndFlush(reply.message(), channel.voidPromise());
    }

    private void forgetBody() {
        predictions.release(reserved);
        reserved = 0;
        body = BodyBuffer.NONE;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof RequestCut) {
            forgetBody();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forgetBody();
    }
}
