package dev.marea.wire.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A listening socket whose connections speak strict HTTP/1.1, or HTTP/2 where a client begins with
 * its preface. The handler behind gets {@link CheckedRequest}, {@code HttpContent} and {@code
 * LastHttpContent}, one request at a time, and writes {@code HttpResponse} and contents; an HTTP/2
 * stream is a channel of its own with one request, so that no handler need tell them apart.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
public final class Door implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration IDLE_GRACE = Duration.ofMillis(200);
    private static final int BACKLOG = 4_096;

    private final DoorCounters counters = new DoorCounters();
    private final ChannelGroup connections =
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final DoorSettings settings;
    private final Channel listening;

    private Door(DoorSettings settings, Supplier<? extends ChannelHandler> application)
            throws IOException {
        this.settings = settings;
        var bound =
                new ServerBootstrap()
                        .group(settings.loops().group())
                        .channel(settings.loops().serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel connection) {
                                        welcome(connection, application);
                                    }
                                })
                        .bind(settings.host(), settings.port())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on %s:%d: %s"
                            .formatted(
                                    settings.host(), settings.port(), bound.cause().getMessage()),
                    bound.cause());
        }
        listening = bound.channel();
    }

    public static Door open(DoorSettings settings, Supplier<? extends ChannelHandler> application)
            throws IOException {
        return new Door(settings, application);
    }

    /** The port that was bound, also where any free one was asked for. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    public DoorCounters counters() {
        return counters;
    }

    private void welcome(Channel connection, Supplier<? extends ChannelHandler> application) {
        int open = counters.opened();
        connection.closeFuture().addListener(_ -> counters.closed());
        connections.add(connection);
        var pipeline = connection.pipeline();
        var decoder = new RequestDecoder(settings.limits(), () -> toHttp2(pipeline, application));
        var encoder = new AnswerEncoder();
        var conversation = new Conversation(settings, counters, decoder, encoder);
        settings.tls().ifPresent(tls -> pipeline.addLast(tls.handler(connection.alloc())));
        pipeline.addLast(encoder, decoder, conversation);
        if (open <= settings.limits().connectionsMax()) {
            pipeline.addLast(application.get());
        } else {
            turnAway(connection, conversation);
        }
    }

    /** The decoder, which has noticed it, leaves last, and hands on what it has read. */
    private void toHttp2(ChannelPipeline pipeline, Supplier<? extends ChannelHandler> application) {
        pipeline.remove(AnswerEncoder.class);
        pipeline.remove(Conversation.class);
        pipeline.removeLast();
        Http2Entrance.furnish(pipeline, settings, counters, application);
    }

    /** A handshake would cost what the limit is there to save: a TLS client is just cut. */
    private void turnAway(Channel connection, Conversation conversation) {
        int most = settings.limits().connectionsMax();
        conversation.turnAway("more than " + most + " connections are open");
        if (settings.tls().isPresent()) {
            connection.close();
        }
    }

    /** Drains for at most ten seconds. */
    @Override
    public void close() {
        close(DRAIN);
    }

    /**
     * Stops accepting; requests that run are answered with {@code Connection: close}; idle
     * connections get a moment more, for a request that is already on its way. What is left at the
     * deadline is cut.
     */
    public void close(Duration drain) {
        listening.close().awaitUninterruptibly();
        var grace = drain.compareTo(IDLE_GRACE) < 0 ? drain : IDLE_GRACE;
        for (var connection : connections) {
            connection
                    .eventLoop()
                    .execute(() ->
                            connection
                                    .pipeline()
                                    .fireUserEventTriggered(new Conversation.Drain(grace)));
        }
        if (!connections
                .newCloseFuture()
                .awaitUninterruptibly(drain.toMillis(), TimeUnit.MILLISECONDS)) {
            connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
    }
}
