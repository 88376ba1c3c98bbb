package dev.marea.gateway.feed;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable;
import dev.marea.core.scale.LoadReport;
import dev.marea.gateway.RouteFeed;
import dev.marea.wire.feed.LoadCodec;
import dev.marea.wire.http.EventLoops;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed of a gateway on a cluster. Whatever becomes of operators and of the Kubernetes API, the
 * last table stands; it also stands on disk, so that a gateway that starts when nobody answers
 * serves by it. All of its work is done by one thread of its own, away from requests.
 */
public final class RemoteFeed implements RouteFeed, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteFeed.class);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final Told told = new Told();
    private final EventLoops loops = EventLoops.open(1);
    private final EventLoop loop = loops.group().next();
    private final OperatorLinks operators;
    private final Saving saving;
    private volatile boolean connected;
    private final LongAdder reconnects = new LongAdder();
    private volatile long trueAt = System.nanoTime();

    private RemoteFeed(FeedSettings settings) {
        var lastGood = new LastGood(settings.lastGood());
        this.saving = new Saving(loop, lastGood, told, settings.timing().save());
        this.operators = new OperatorLinks(settings, loop, new Dial(loops, settings), new Ear());
        lastGood.read().ifPresent(this::startFrom);
        loop.execute(operators::search);
    }

    /** Knows a table at once if there is a copy on disk, else when the first operator tells it. */
    public static RemoteFeed open(FeedSettings settings) {
        return new RemoteFeed(settings);
    }

    private void startFrom(LastGood.Copy copy) {
        var age = Duration.between(copy.saved(), Instant.now());
        trueAt = System.nanoTime() - Math.max(0, age.toNanos());
        told.share(copy.share());
        told.routes(copy.table());
        LOG.info(
                "starts with the table of {} services that was saved {} s ago",
                copy.table().routes().size(),
                age.toSeconds());
    }

    @Override
    public AutoCloseable subscribe(Listener listener) {
        return told.subscribe(listener);
    }

    @Override
    public void report(LoadReport load) {
        var json = LoadCodec.write(load);
        if (!loop.isShuttingDown()) {
            loop.execute(() -> operators.report(json));
        }
    }

    @Override
    public Optional<State> state() {
        return Optional.of(
                new State(
                        connected,
                        told.table().map(RouteTable::version).orElse(0L),
                        Duration.ofNanos(System.nanoTime() - trueAt),
                        reconnects.sum()));
    }

    /** Leaves the newest table on disk. */
    @Override
    public void close() {
        try {
            loop.submit(operators::close).get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            saving.end();
        } catch (ExecutionException | TimeoutException | IOException failed) {
            LOG.warn("the feed did not end well: {}", failed.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        loops.close();
    }

    private final class Ear implements FeedStream.Listener {
        @Override
        public void routes(RouteTable table) {
            operators.told();
            isTrue();
            told.routes(table);
            saving.changed();
        }

        @Override
        public void beat(GatewayShare share) {
            isTrue();
            told.share(share);
        }

        private void isTrue() {
            trueAt = System.nanoTime();
            connected = operators.connected();
        }

        @Override
        public void ended(FeedStream stream, String why) {
            reconnects.increment();
            operators.lost(stream, why);
            connected = operators.connected();
        }
    }
}
