package dev.marea.gateway;

import dev.marea.core.spec.Reason;
import dev.marea.core.spec.ServiceId;
import dev.marea.gateway.RouteFeed.State;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The gateway's counters. Revisions beyond the cap share the labels {@code other}. */
final class GatewayMetrics {
    private static final String OTHER = "other";
    private static final double[] SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final AtomicInteger series = new AtomicInteger();
    private final int seriesMax;

    final LongAdder answered = new LongAdder();
    final Counter requests =
            revisionCounter("requests", "Requests answered, by the code the client got", "code");
    final Counter refusals =
            Counter.builder()
                    .name("marea_gateway_refusals")
                    .help("Requests refused by the gateway itself")
                    .labelNames("namespace", "service", "reason")
                    .register(registry);
    final Counter retries = revisionCounter("retries", "Requests sent to a replica once more");
    final Counter ejections =
            revisionCounter("ejections", "Replicas avoided because a connection failed");
    final Histogram requestSeconds =
            histogram("request_seconds", "From the head of a request to the end of its answer");
    final Histogram queueSeconds =
            histogram("queue_seconds", "How long requests waited for a replica");
    final Counter accessLinesDropped =
            Counter.builder()
                    .name("marea_gateway_access_lines_dropped")
                    .help("Access lines dropped because the writer could not keep up")
                    .register(registry);

    GatewayMetrics(int seriesMax) {
        this.seriesMax = seriesMax;
    }

    /** Gauges are asked for when they are read. */
    void watch(
            Supplier<Collection<RevisionPool>> pools,
            IntSupplier connections,
            IntSupplier waiting) {
        gauge("connections", "Open client connections", connections);
        gauge("waiting", "Requests that wait for a replica", waiting);
        GaugeWithCallback.builder()
                .name("marea_gateway_in_hand")
                .help("Requests in flight or waiting")
                .labelNames("namespace", "service", "revision")
                .callback(callback -> {
                    for (var pool : pools.get()) {
                        if (pool.metrics().own()) {
                            callback.call(
                                    pool.load().inHand(),
                                    pool.service().namespace(),
                                    pool.service().name(),
                                    pool.revision());
                        }
                    }
                })
                .register(registry);
    }

    /** How true the table is; a feed that cannot fail has nothing to show. */
    void watch(RouteFeed feed) {
        if (feed.state().isEmpty()) {
            return;
        }
        watch(
                feed,
                "feed_connected",
                "Whether an operator is followed",
                s -> s.connected() ? 1 : 0);
        CounterWithCallback.builder()
                .name("marea_gateway_feed_reconnects")
                .help("Followed operators that were lost")
                .callback(callback ->
                        feed.state().ifPresent(s -> callback.call((double) s.reconnects())))
                .register(registry);
        watch(feed, "routes_version", "Version of the table of routes", s -> (double) s.version());
        watch(
                feed,
                "routes_age_seconds",
                "Since the table of routes was last known to be true",
                s -> s.age().toMillis() / 1e3);
    }

    RevisionMetrics open(ServiceId service, String revision) {
        if (series.incrementAndGet() <= seriesMax) {
            return new RevisionMetrics(this, service.namespace(), service.name(), revision, true);
        }
        series.decrementAndGet();
        return new RevisionMetrics(this, OTHER, OTHER, OTHER, false);
    }

    /** A revision that has gone takes its series along. */
    void close(RevisionMetrics gone) {
        if (gone.own()) {
            gone.remove();
            series.decrementAndGet();
        }
    }

    /** A refusal that belongs to no revision's own counters. */
    void refused(String namespace, String service, Reason reason) {
        refusals.labelValues(namespace, service, reason.wireName()).inc();
    }

    String text() {
        var out = new ByteArrayOutputStream(8 << 10);
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void gauge(String name, String help, IntSupplier value) {
        GaugeWithCallback.builder()
                .name("marea_gateway_" + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsInt()))
                .register(registry);
    }

    private void watch(RouteFeed feed, String name, String help, ToDoubleFunction<State> value) {
        GaugeWithCallback.builder()
                .name("marea_gateway_" + name)
                .help(help)
                .callback(callback ->
                        feed.state().ifPresent(s -> callback.call(value.applyAsDouble(s))))
                .register(registry);
    }

    private Counter revisionCounter(String name, String help, String... more) {
        var labels = new String[3 + more.length];
        labels[0] = "namespace";
        labels[1] = "service";
        labels[2] = "revision";
        System.arraycopy(more, 0, labels, 3, more.length);
        return Counter.builder()
                .name("marea_gateway_" + name)
                .help(help)
                .labelNames(labels)
                .register(registry);
    }

    private Histogram histogram(String name, String help) {
        return Histogram.builder()
                .name("marea_gateway_" + name)
                .help(help)
                .labelNames("namespace", "service", "revision")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
    }
}
