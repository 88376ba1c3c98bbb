package dev.marea.gateway;

import dev.marea.wire.http.Http2Link;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one event loop. Requests share them; while one is being made, those who
 * want it wait for it, so that a replica that wakes is not met by a connection for each request.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed connect tells its listener
final class Http2Links {
    private static final long IDLE_NANOS = Duration.ofSeconds(60).toNanos();

    /** Who wants a stream; gets it, or the reason why not. */
    private interface Taker extends BiConsumer<@Nullable Upstream, @Nullable Throwable> {}

    private static final class Lines {
        final List<Http2Link> open = new ArrayList<>(1);
        final ArrayDeque<Taker> waiting = new ArrayDeque<>(1);
        boolean connecting;

        @Nullable Http2Link withRoom() {
            for (var link : open) {
                if (link.hasRoom()) {
                    return link;
                }
            }
            return null;
        }
    }

    private final Bootstrap bootstrap;
    private final Upstreams pool;
    private final Map<Backend, Lines> byBackend = new HashMap<>();
    private boolean closed;

    Http2Links(Bootstrap bootstrap, Upstreams pool) {
        this.bootstrap =
                bootstrap.handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                // furnished when it stands
                            }
                        });
        this.pool = pool;
    }

    void stream(Backend backend, BiConsumer<@Nullable Upstream, @Nullable Throwable> then) {
        var lines = byBackend.computeIfAbsent(backend, _ -> new Lines());
        lines.waiting.addLast(then::accept);
        serve(backend, lines);
    }

    private void serve(Backend backend, Lines lines) {
        for (var link = lines.withRoom();
                link != null && !lines.waiting.isEmpty();
                link = lines.withRoom()) {
            open(backend, link, lines.waiting.removeFirst());
        }
        if (!lines.waiting.isEmpty() && !lines.connecting) {
            connect(backend, lines);
        }
    }

    private void open(Backend backend, Http2Link link, Taker taker) {
        var stream = new Upstream(backend, pool, link);
        if (link.open(stream) == null) {
            taker.accept(null, null);
        } else {
            taker.accept(stream, null);
        }
    }

    private void connect(Backend backend, Lines lines) {
        lines.connecting = true;
        bootstrap
                .connect(backend.address())
                .addListener((ChannelFuture done) -> {
                    lines.connecting = false;
                    if (done.isSuccess()) {
                        connected(backend, lines, done.channel());
                    } else {
                        failed(lines, done.cause());
                    }
                });
    }

    private void connected(Backend backend, Lines lines, Channel channel) {
        if (closed) {
            channel.close();
            failed(lines, null);
            return;
        }
        lines.open.add(Http2Link.over(channel));
        serve(backend, lines);
    }

    private static void failed(Lines lines, @Nullable Throwable cause) {
        var all = List.copyOf(lines.waiting);
        lines.waiting.clear();
        all.forEach(taker -> taker.accept(null, cause));
    }

    /** Lets go of connections that ended, that nobody needed for a while, or whose replica left. */
    void sweep() {
        long now = System.nanoTime();
        for (var each = byBackend.entrySet().iterator(); each.hasNext(); ) {
            var entry = each.next();
            boolean gone = entry.getKey().gone();
            var lines = entry.getValue();
            for (var link : List.copyOf(lines.open)) {
                if (link.streams() == 0 && (gone || now - link.idleSince() > IDLE_NANOS)) {
                    link.close();
                }
                if (!link.isUsable()) {
                    lines.open.remove(link);
                }
            }
            if (lines.open.isEmpty() && lines.waiting.isEmpty() && !lines.connecting) {
                each.remove();
            }
        }
    }

    void close() {
        closed = true;
        byBackend.values().forEach(lines -> lines.open.forEach(Http2Link::close));
        byBackend.clear();
    }
}
