package dev.marea.server.predict;

import dev.marea.server.models.Models;
import dev.marea.wire.http.DoorCounters;
import dev.marea.wire.http.Refusal;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** KServe's four histograms under their names, and our own counters. */
public final class ServerMetrics {
    private static final double NANOS = 1e9;
    private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 1_024};
    private static final double[] SECONDS = {
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
        2.5, 5, 10
    };

    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /** More models than this share one label, so that a repository cannot fill the registry. */
    private static final int MODELS_TOLD_APART = 250;

    private static final int GRPC_STATUSES = 17;
    private static final String OTHER_MODELS = "_other";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram preprocess = seconds("request_preprocess", "Time to read a request.");
    private final Histogram predict =
            seconds("request_predict", "Time that the model needs for a request.");
    private final Histogram postprocess =
            seconds("request_postprocess", "Time to write an answer.");
    private final Histogram explain =
            seconds("request_explain", "Time of explanations that KServe's servers give.");
    private final Histogram queue =
            seconds("marea_server_queue", "Time that a request waited for its turn.");
    private final Histogram request =
            seconds("marea_server_request", "Time from a request's last byte to its answer.");
    private final Histogram batch =
            Histogram.builder()
                    .name("marea_server_batch_rows")
                    .help("Rows that a model was asked at once, for one or more requests.")
                    .classicOnly()
                    .classicUpperBounds(ROWS)
                    .labelNames("model_name")
                    .register(registry);
    private final Counter failures =
            Counter.builder()
                    .name("marea_server_failed_total")
                    .help("Predictions that ended without an answer.")
                    .labelNames("model_name")
                    .register(registry);
    private final Counter requests =
            Counter.builder()
                    .name("marea_server_requests_total")
                    .help("Answers by status code.")
                    .labelNames("code")
                    .register(registry);
    private final Counter calls =
            Counter.builder()
                    .name("marea_server_grpc_calls_total")
                    .help("gRPC calls by status code.")
                    .labelNames("code")
                    .register(registry);
    private final Gauge loadSeconds =
            Gauge.builder()
                    .name("marea_server_model_load_seconds")
                    .help("Time that loading the models of the start took.")
                    .register(registry);
    private final AtomicReferenceArray<@Nullable CounterDataPoint> callsByStatus =
            new AtomicReferenceArray<>(GRPC_STATUSES);
    private final Map<String, ModelMetrics> models = new ConcurrentHashMap<>();

    public ServerMetrics() {}

    public ServerMetrics(String model) {
        expect(model);
    }

    /** Shows the series of a model that will be asked, at 0. */
    public void expect(String model) {
        of(model);
    }

    private Histogram seconds(String name, String help) {
        return Histogram.builder()
                .name(name + "_seconds")
                .help(help)
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .labelNames("model_name")
                .register(registry);
    }

    /** A model that exists; names out of requests would fill the registry. */
    ModelMetrics of(String model) {
        var found = models.get(model);
        if (found != null) {
            return found;
        }
        var label = models.size() < MODELS_TOLD_APART ? model : OTHER_MODELS;
        return models.computeIfAbsent(label, this::series);
    }

    private ModelMetrics series(String label) {
        explain.initLabelValues(label);
        return new ModelMetrics(
                preprocess.labelValues(label),
                predict.labelValues(label),
                postprocess.labelValues(label),
                queue.labelValues(label),
                request.labelValues(label),
                batch.labelValues(label),
                failures.labelValues(label));
    }

    void watchQueue(IntSupplier queued) {
        GaugeWithCallback.builder()
                .name("marea_server_queue_length")
                .help("Predictions that wait for a worker.")
                .callback(point -> point.call(queued.getAsInt()))
                .register(registry);
    }

    void watchModels(Supplier<Models.Memory> models) {
        GaugeWithCallback.builder()
                .name("marea_server_models_loaded")
                .help("Models in memory, each version for itself.")
                .callback(point -> point.call(models.get().models()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("marea_server_model_memory_bytes")
                .help("Memory that models hold, and that they may hold.")
                .labelNames("kind")
                .callback(point -> {
                    var memory = models.get();
                    point.call((double) memory.usedBytes(), "used");
                    point.call((double) memory.budgetBytes(), "budget");
                })
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

    /** A gRPC call has ended. */
    public void answeredCall(int status) {
        var counter = callsByStatus.get(status);
        if (counter == null) {
            counter = calls.labelValues(Integer.toString(status));
            callsByStatus.set(status, counter);
        }
        counter.inc();
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
