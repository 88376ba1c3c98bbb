package dev.marea.server.predict;

import dev.marea.wire.http.DoorCounters;
import dev.marea.wire.http.Refusal;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;

/** KServe's four histograms under their names, and our own counters. */
public final class ServerMetrics {
    private static final double NANOS = 1e9;
    private static final double[] BUCKETS = {
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
        2.5, 5, 10
    };

    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final DistributionDataPoint preprocess;
    private final DistributionDataPoint predict;
    private final DistributionDataPoint postprocess;
    private final Counter requests;
    private final Gauge loadSeconds;

    public ServerMetrics(String model) {
        preprocess = phase("preprocess", "Time to read a request.", model);
        predict = phase("predict", "Time that the model needs for a request.", model);
        postprocess = phase("postprocess", "Time to write an answer.", model);
        phase("explain", "Time of explanations; this server gives none.", model);
        requests =
                Counter.builder()
                        .name("marea_server_requests_total")
                        .help("Answers by status code.")
                        .labelNames("code")
                        .register(registry);
        loadSeconds =
                Gauge.builder()
                        .name("marea_server_model_load_seconds")
                        .help("Time that loading the model took.")
                        .register(registry);
    }

    private DistributionDataPoint phase(String phase, String help, String model) {
        return Histogram.builder()
                .name("request_" + phase + "_seconds")
                .help(help)
                .classicOnly()
                .classicUpperBounds(BUCKETS)
                .labelNames("model_name")
                .register(registry)
                .labelValues(model);
    }

    void watchQueue(IntSupplier queued) {
        GaugeWithCallback.builder()
                .name("marea_server_queue_length")
                .help("Predictions that wait for a worker.")
                .callback(point -> point.call(queued.getAsInt()))
                .register(registry);
    }

    /** Adds what the door counts. */
    public void watch(DoorCounters door) {
        GaugeWithCallback.builder()
                .name("marea_server_connections")
                .help("Open connections.")
                .callback(point -> point.call(door.open()))
                .register(registry);
        CounterWithCallback.builder()
                .name("marea_server_refused_total")
                .help("Requests and connections that the door refused, by reason.")
                .labelNames("reason")
                .callback(point -> {
                    for (var refusal : Refusal.values()) {
                        point.call(
                                (double) door.refused(refusal),
                                refusal.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
    }

    public void loaded(Duration took) {
        loadSeconds.set(took.toNanos() / NANOS);
    }

    /** The moments between which a request was read, predicted and written, in nanoseconds. */
    void predicted(long begun, long read, long answered, long written) {
        preprocess.observe((read - begun) / NANOS);
        predict.observe((answered - read) / NANOS);
        postprocess.observe((written - answered) / NANOS);
    }

    public void answered(int status) {
        requests.labelValues(Integer.toString(status)).inc();
    }

    /** Everything in Prometheus's text format. */
    public byte[] scrape() {
        var bytes = new ByteArrayOutputStream(8 << 10);
        try {
            PrometheusTextFormatWriter.create().write(bytes, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
