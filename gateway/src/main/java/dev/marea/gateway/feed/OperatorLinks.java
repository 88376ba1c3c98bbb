package dev.marea.gateway.feed;

import dev.marea.wire.feed.Standing;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All operator replicas, and which of them is followed: one that knows all routes, the leader if
 * there is one. Belongs to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is scheduled logs its own failures
final class OperatorLinks {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorLinks.class);

    /** More replicas than anyone runs. */
    private static final int OPERATORS_MAX = 16;

    private final FeedSettings settings;
    private final EventLoop loop;
    private final Dial dial;
    private final FeedStream.Listener ear;
    private final Map<InetSocketAddress, OperatorLink> links = new LinkedHashMap<>();

    /** Those whose feed has just failed, until when (by the loop's clock). */
    private final Map<InetSocketAddress, Long> barred = new LinkedHashMap<>();

    private final Backoff streamBackoff;
    private @Nullable FeedStream followed;
    private String trouble = "";
    private boolean closed;

    OperatorLinks(FeedSettings settings, EventLoop loop, Dial dial, FeedStream.Listener ear) {
        this.settings = settings;
        this.loop = loop;
        this.dial = dial;
        this.ear = ear;
        this.streamBackoff =
                new Backoff(settings.timing().retryFirst(), settings.timing().retryMax());
    }

    /** Looks where operators are, now and every few seconds. */
    void search() {
        if (!closed) {
            Thread.ofVirtual().name("marea-find-operators").start(this::find);
        }
    }

    private void find() {
        var found = List.<InetSocketAddress>of();
        var failure = "its name has no address";
        try {
            found = settings.operators().find();
        } catch (IOException unknown) {
            failure = unknown.toString();
        }
        var addresses = List.copyOf(found);
        var why = failure;
        if (!loop.isShuttingDown()) {
            loop.execute(() -> found(addresses, why));
        }
    }

    /** A search that finds nothing proves nothing: names may fail when operators do not. */
    private void found(List<InetSocketAddress> addresses, String failure) {
        if (closed) {
            return;
        }
        say(addresses.isEmpty() ? failure : "");
        if (!addresses.isEmpty()) {
            dropOthersThan(addresses);
            addresses.forEach(this::add);
        }
        loop.schedule(this::search, settings.timing().find().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void say(String why) {
        if (!why.isEmpty() && !why.equals(trouble)) {
            LOG.warn("no operator found by {}: {}", settings.serverName(), why);
        }
        trouble = why;
    }

    private void dropOthersThan(List<InetSocketAddress> addresses) {
        links.values()
                .removeIf(link -> {
                    boolean gone =
                            !addresses.contains(link.address())
                                    && link.standing().isEmpty()
                                    && (followed == null || followed.operator() != link);
                    if (gone) {
                        link.close();
                        barred.remove(link.address());
                    }
                    return gone;
                });
    }

    private void add(InetSocketAddress address) {
        if (links.size() < OPERATORS_MAX && !links.containsKey(address)) {
            var link = new OperatorLink(address, loop, dial, settings.timing(), this::choose);
            links.put(address, link);
            link.connect();
        }
    }

    void report(byte[] json) {
        links.values().forEach(link -> link.report(json));
    }

    /** Whether an operator is followed and has told its table. */
    boolean connected() {
        return followed != null && followed.told();
    }

    /** The followed feed has brought a table. */
    void told() {
        streamBackoff.reset();
        barred.clear();
    }

    /** The followed feed is over: another replica is followed at once, if there is one. */
    void lost(FeedStream stream, String why) {
        if (stream != followed || closed) {
            return;
        }
        followed = null;
        LOG.warn("the feed of the operator at {} is over: {}", stream.operator().address(), why);
        long pause = streamBackoff.nextNanos();
        stream.operator().doubt();
        barred.put(stream.operator().address(), System.nanoTime() + pause);
        loop.schedule(this::choose, pause, TimeUnit.NANOSECONDS);
        choose();
    }

    private void choose() {
        if (closed) {
            return;
        }
        var best =
                links.values().stream()
                        .filter(link -> link.standing().filter(Standing::complete).isPresent())
                        .filter(link -> !isBarred(link))
                        .min(Comparator.comparing(link -> !leads(link)));
        if (best.isPresent() && (followed == null || isBetter(best.get(), followed))) {
            follow(best.get());
        }
    }

    /** Only the leader is worth a change. */
    private static boolean isBetter(OperatorLink other, FeedStream now) {
        return other != now.operator() && leads(other) && !leads(now.operator());
    }

    private static boolean leads(OperatorLink link) {
        return link.standing().filter(Standing::leads).isPresent();
    }

    private boolean isBarred(OperatorLink link) {
        return Optional.ofNullable(barred.get(link.address()))
                .filter(until -> until - System.nanoTime() > 0)
                .isPresent();
    }

    private void follow(OperatorLink operator) {
        if (followed != null) {
            followed.close();
        }
        LOG.info(
                "follows operator {} at {}",
                operator.standing().map(Standing::operator).orElse(""),
                operator.address());
        followed = new FeedStream(operator, dial, settings.gateway(), ear);
        followed.open();
    }

    void close() {
        closed = true;
        if (followed != null) {
            followed.close();
        }
        links.values().forEach(OperatorLink::close);
    }
}
