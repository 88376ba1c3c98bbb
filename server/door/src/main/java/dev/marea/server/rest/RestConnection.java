package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import dev.marea.wire.http.BodyBuffer;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.RequestCut;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: questions are answered on the event loop, so that health is told under
 * any load; predictions and changes of the repository go elsewhere.
 */
final class RestConnection extends ChannelInboundHandlerAdapter {
    private final Rest rest;

    private @Nullable Client client;
    private @Nullable Reply decided;
    private Route.@Nullable To to;
    private Heading heading = Heading.PLAIN;
    private BodyBuffer body = BodyBuffer.NONE;
    private int reserved;

    RestConnection(Rest rest) {
        this.rest = rest;
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
                    end(client(ctx));
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(CheckedRequest request) {
        decided = null;
        to = null;
        try {
            switch (Route.of(request.method().name(), request.path().path())) {
                case Route.To found -> begin(found, request);
                case Route.WrongMethod(var endpoint) ->
                        decided =
                                Reply.error(405, "This path takes " + endpoint.allow() + " only.")
                                        .with(HttpHeaderNames.ALLOW, endpoint.allow());
                case Route.Unknown(var path) ->
                        decided = Reply.error(404, "There is nothing at " + path + " here.");
            }
        } catch (Refused refused) {
            decided = Reply.of(refused);
        }
    }

    private void begin(Route.To found, CheckedRequest request) throws Refused {
        switch (found.endpoint().work()) {
            case QUESTION -> {
                var accepted =
                        Compression.accepted(
                                request.headers().get(HttpHeaderNames.ACCEPT_ENCODING));
                decided = accepted.packed(rest.questions().answer(found, request));
            }
            case PREDICTION -> {
                rest.models().check(found.model(), found.version());
                receive(found, request);
            }
            case REPOSITORY -> receive(found, request);
        }
    }

    private void receive(Route.To found, CheckedRequest request) throws Refused {
        heading = Heading.of(request);
        body = BodyBuffer.of(request);
        to = found;
    }

    private void gather(HttpContent part) {
        int more = part.content().readableBytes();
        if (decided != null || more == 0) {
            return;
        }
        if (rest.predictions().reserve(more)) {
            reserved += more;
            body.add(part.content());
        } else {
            forgetBody();
            decided =
                    Reply.of(Refused.busy("request bodies fill the memory that is kept for them"));
        }
    }

    private Client client(ChannelHandlerContext ctx) {
        var known = client;
        if (known == null) {
            known = new Client(ctx.channel(), rest.metrics());
            client = known;
        }
        return known;
    }

    private void end(Client client) {
        var reply = decided;
        var found = to;
        if (reply != null || found == null) {
            client.answer(reply == null ? Reply.error(500, "internal error") : reply);
            return;
        }
        int bytes = reserved;
        var whole = body.bytes();
        reserved = 0;
        body = BodyBuffer.NONE;
        if (found.endpoint().work() == Endpoint.Work.REPOSITORY) {
            rest.predictions().release(bytes);
            rest.repository().run(found, whole, client);
        } else {
            rest.predictions()
                    .submit(new RestCall(found, heading, whole, client, rest.predictions()), bytes);
        }
    }

    private void forgetBody() {
        rest.predictions().release(reserved);
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
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        client(ctx).changed();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forgetBody();
        client(ctx).changed();
    }
}
