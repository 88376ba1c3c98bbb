package dev.marea.gateway.feed;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable;
import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.FeedMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One operator's feed, from its hello to its end. Belongs to the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class FeedStream {
    /** Hears what comes of it. */
    interface Listener {
        void routes(RouteTable table);

        /** A sign of life: the last table is still true. */
        void beat(GatewayShare share);

        /** It is over; called once. */
        void ended(FeedStream stream, String why);
    }

    private static final byte[] NOTHING = {};

    private final OperatorLink operator;
    private final Dial dial;
    private final String target;
    private final Listener listener;
    private final TableDraft draft = new TableDraft();
    private @Nullable Channel channel;
    private boolean told;
    private boolean over;

    FeedStream(OperatorLink operator, Dial dial, String gateway, Listener listener) {
        this.operator = operator;
        this.dial = dial;
        this.target =
                "/v1/feed?gateway="
                        + URLEncoder.encode(gateway, StandardCharsets.UTF_8)
                        + "&format="
                        + FeedCodec.FORMAT;
        this.listener = listener;
    }

    OperatorLink operator() {
        return operator;
    }

    /** Whether it has brought a table. */
    boolean told() {
        return told;
    }

    void open() {
        try {
            var opening =
                    dial.connect(
                            operator.address(),
                            new Unwrap(),
                            new LineBasedFrameDecoder(FeedCodec.LINE_BYTES_MAX, true, true),
                            new Lines());
            channel = opening.channel();
            opening.addListener((ChannelFuture done) -> {
                if (!done.isSuccess()) {
                    end(String.valueOf(done.cause().getMessage()));
                }
            });
        } catch (IOException unreadable) {
            end("our certificate cannot be read: " + unreadable);
        }
    }

    /** Ends it without a word to the listener. */
    void close() {
        over = true;
        if (channel != null) {
            channel.close();
        }
    }

    private void end(String why) {
        if (!over) {
            close();
            listener.ended(this, why);
        }
    }

    private void take(FeedMessage message) throws IOException {
        if (over) {
            return;
        }
        var table = draft.take(message);
        if (table.isPresent()) {
            told = true;
            listener.routes(table.get());
        }
        if (message instanceof FeedMessage.Beat(_, var share) && told) {
            listener.beat(share);
        }
    }

    /** The body of an answer that is what we asked for. */
    private static final class Unwrap extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            switch (message) {
                case HttpResponse answer -> check(answer);
                case LastHttpContent end -> {
                    end.release();
                    ctx.close();
                }
                case HttpContent part -> ctx.fireChannelRead(part.content());
                default -> ReferenceCountUtil.release(message);
            }
        }

        private static void check(HttpResponse answer) throws IOException {
            if (answer.status().code() != 200) {
                throw new IOException("it answered " + answer.status());
            }
        }
    }

    private final class Lines extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(dial.request(HttpMethod.GET, target, NOTHING));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) throws IOException {
            take(FeedCodec.read(ByteBufUtil.getBytes(line)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end("it ended");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failed) {
            var cause = failed.getCause() == null ? failed : failed.getCause();
            end(String.valueOf(cause.getMessage() == null ? cause : cause.getMessage()));
        }
    }
}
