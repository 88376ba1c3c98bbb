package dev.marea.wire.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An outgoing HTTP/2 connection with prior knowledge. Each request has a stream, a channel that
 * takes {@code HttpRequest} and contents and gives {@code HttpResponse} and contents as HTTP/1.1's
 * client codec does; a stream that the server reset tells so by a {@link StreamReset}. Used on its
 * event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
public final class Http2Link extends ChannelInboundHandlerAdapter {
    private static final int STREAMS_MAX = 100;
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PING = 0x6d61726561L;

    private final Channel connection;
    private final Http2Floods floods;
    private final Deadline deadline;
    private int streamsMax = STREAMS_MAX;
    private int streams;
    private boolean answered;
    private long lastRead = System.nanoTime();
    private long idleSince = System.nanoTime();
    private boolean pinged;
    private boolean leaving;

    private Http2Link(Channel connection, Http2Floods floods) {
        this.connection = connection;
        this.floods = floods;
        this.deadline = new Deadline(connection.eventLoop(), this::due);
    }

    /** Furnishes a connection that has just been made. */
    public static Http2Link over(Channel connected) {
        var floods = new Http2Floods();
        var link = new Http2Link(connected, floods);
        connected
                .pipeline()
                .addLast(
                        Http2Codecs.client(floods), new Http2MultiplexHandler(new Unasked()), link);
        connected.write(
                new DefaultHttp2WindowUpdateFrame(
                        Http2Codecs.CONNECTION_WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE));
        connected.flush();
        return link;
    }

    /** Whether another stream may be opened now. */
    public boolean hasRoom() {
        return isUsable() && streams < streamsMax;
    }

    /** False once it ends: streams that are open may finish, new ones go elsewhere. */
    public boolean isUsable() {
        return !leaving && connection.isActive();
    }

    public int streams() {
        return streams;
    }

    /** Whether the server has answered the preface: it speaks HTTP/2. */
    public boolean isAnswered() {
        return answered;
    }

    /** When the last stream ended, by {@link System#nanoTime}. */
    public long idleSince() {
        return idleSince;
    }

    /** Opens a stream for one request; null where the connection has just ended. */
    public @Nullable Channel open(ChannelHandler reader) {
        var opening =
                new Http2StreamChannelBootstrap(connection)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Http2Request(floods), reader);
                                    }
                                })
                        .open();
        if (!opening.isSuccess()) {
            return null;
        }
        var stream = opening.getNow();
        if (streams++ == 0) {
            deadline.in(SILENCE.toNanos());
        }
        stream.closeFuture().addListener(_ -> ended());
        return stream;
    }

    private void ended() {
        streams--;
        idleSince = System.nanoTime();
        if (streams == 0) {
            deadline.off();
            if (leaving) {
                close();
            }
        }
    }

    public void close() {
        leaving = true;
        connection.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case Http2SettingsFrame settings -> {
                answered = true;
                Long most = settings.settings().maxConcurrentStreams();
                if (most != null) {
                    streamsMax = (int) Math.min(STREAMS_MAX, most);
                }
            }
            case Http2GoAwayFrame _ -> {
                leaving = true;
                if (streams == 0) {
                    close();
                }
            }
            default -> {}
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        lastRead = System.nanoTime();
        pinged = false;
    }

    /** A server that is gone without a word would else be found out by each request's timeout. */
    private void due() {
        long silent = System.nanoTime() - lastRead;
        if (silent < SILENCE.toNanos()) {
            deadline.in(SILENCE.toNanos() - silent);
        } else if (pinged) {
            close();
        } else {
            pinged = true;
            connection.writeAndFlush(new DefaultHttp2PingFrame(PING));
            deadline.in(PATIENCE.toNanos());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leaving = true;
        deadline.close();
    }

    /** A server that breaks HTTP/2's rules: the codec ends the connection. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        leaving = true;
        ctx.close();
    }

    /** A stream that the server opened: pushing was switched off. */
    @ChannelHandler.Sharable
    private static final class Unasked extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.close();
        }
    }
}
