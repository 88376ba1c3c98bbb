package dev.marea.gateway;

import dev.marea.wire.http.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections to replicas of one event loop, kept for a while between requests. A request is
 * forwarded by the loop that read it, so nothing here is shared.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Upstreams {
    private static final int LINE_MAX = 8 << 10;
    private static final int HEADERS_MAX = 32 << 10;
    private static final int CHUNK_MAX = 64 << 10;
    private static final long SWEEP_MILLIS = 1_000;

    private final EventLoop loop;
    private final GatewaySettings.Forwarding settings;
    private final Bootstrap bootstrap;
    private final Http2Links links;
    private final Map<Backend, ArrayDeque<Upstream>> idle = new HashMap<>();
    private boolean closed;

    Upstreams(EventLoop loop, EventLoops loops, GatewaySettings.Forwarding settings) {
        this.loop = loop;
        this.settings = settings;
        this.bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(loops.clientChannel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) settings.connect().toMillis());
        this.links = new Http2Links(bootstrap.clone(), this);
        bootstrap.handler(
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(codec());
                    }
                });
        loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static HttpClientCodec codec() {
        var config =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(LINE_MAX)
                        .setMaxHeaderSize(HEADERS_MAX)
                        .setMaxChunkSize(CHUNK_MAX);
        return new HttpClientCodec(
                config,
                HttpClientCodec.DEFAULT_PARSE_HTTP_AFTER_CONNECT_REQUEST,
                HttpClientCodec.DEFAULT_FAIL_ON_MISSING_RESPONSE);
    }

    /** The connection that was used last, if one is idle. */
    @Nullable Upstream idle(Backend backend) {
        var kept = idle.get(backend);
        if (kept == null) {
            return null;
        }
        for (var newest = kept.pollLast(); newest != null; newest = kept.pollLast()) {
            if (newest.channel().isActive()) {
                return newest;
            }
        }
        return null;
    }

    void connect(Backend backend, BiConsumer<@Nullable Upstream, @Nullable Throwable> then) {
        bootstrap
                .connect(backend.address())
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) {
                        var fresh = new Upstream(backend, this, null);
                        done.channel().pipeline().addLast(fresh);
                        then.accept(fresh, null);
                    } else {
                        then.accept(null, done.cause());
                    }
                });
    }

    /** A stream for a request that must go by HTTP/2. */
    void stream(Backend backend, BiConsumer<@Nullable Upstream, @Nullable Throwable> then) {
        links.stream(backend, then);
    }

    /** Takes a connection back after a whole answer. */
    void keep(Upstream free) {
        var kept = idle.computeIfAbsent(free.backend(), _ -> new ArrayDeque<>());
        if (closed || free.backend().gone() || kept.size() >= settings.idlePerReplica()) {
            free.channel().close();
            return;
        }
        free.idleSince(System.nanoTime());
        kept.addLast(free);
    }

    void forget(Upstream dead) {
        var kept = idle.get(dead.backend());
        if (kept != null) {
            kept.remove(dead);
        }
    }

    void close() {
        closed = true;
        idle.values().forEach(kept -> kept.forEach(u -> u.channel().close()));
        idle.clear();
        links.close();
    }

    private void sweep() {
        if (closed) {
            return;
        }
        links.sweep();
        long oldest = System.nanoTime() - settings.idle().toNanos();
        for (var each = idle.entrySet().iterator(); each.hasNext(); ) {
            var entry = each.next();
            var kept = entry.getValue();
            // Closing calls forget() at once, so the one to close leaves the queue first.
            while (!kept.isEmpty()
                    && (entry.getKey().gone() || kept.getFirst().idleSince() - oldest < 0)) {
                kept.removeFirst().channel().close();
            }
            if (kept.isEmpty()) {
                each.remove();
            }
        }
        loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
}
