package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.Gauges;
import dev.marea.server.llama.talk.News;
import dev.marea.wire.llm.openai.Usage;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What vLLM's dashboards and autoscalers read, under vLLM's names, and OpenTelemetry's names for a
 * server of generative models.
 */
final class LlmMetrics {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;
    private static final double NANOS = 1e9;
    private static final double[] SHORT = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20,
        40, 80
    };
    private static final double[] BETWEEN = {
        0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5
    };
    private static final double[] LONG = {
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480
    };
    private static final double[] TOKENS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final String model;
    private final AtomicInteger open = new AtomicInteger();
    private final Histogram firstToken;
    private final Histogram betweenTokens;
    private final Histogram whole;
    private final Histogram queued;
    private final Histogram promptTokensEach;
    private final Histogram madeTokensEach;
    private final Histogram genAiDuration;
    private final Histogram genAiFirst;
    private final Histogram genAiEach;
    private final Counter promptTokens;
    private final Counter madeTokens;
    private final Counter succeeded;

    LlmMetrics(String model, Supplier<Gauges> gauges, Supplier<Long> restarts) {
        this.model = model;
        firstToken = histogram("vllm:time_to_first_token_seconds", SHORT);
        betweenTokens = histogram("vllm:inter_token_latency_seconds", BETWEEN);
        whole = histogram("vllm:e2e_request_latency_seconds", LONG);
        queued = histogram("vllm:request_queue_time_seconds", LONG);
        promptTokensEach = histogram("vllm:request_prompt_tokens", TOKENS);
        madeTokensEach = histogram("vllm:request_generation_tokens", TOKENS);
        genAiDuration = histogram("gen_ai_server_request_duration_seconds", LONG);
        genAiFirst = histogram("gen_ai_server_time_to_first_token_seconds", SHORT);
        genAiEach = histogram("gen_ai_server_time_per_output_token_seconds", BETWEEN);
        promptTokens = counter("vllm:prompt_tokens", "Tokens of prompts.");
        madeTokens = counter("vllm:generation_tokens", "Tokens made.");
        succeeded =
                Counter.builder()
                        .name("vllm:request_success")
                        .help("Answers by why they ended.")
                        .labelNames("model_name", "finished_reason")
                        .register(registry);
        gauge("vllm:num_requests_running", gauges, Gauges::running);
        gauge("vllm:num_requests_waiting", gauges, Gauges::waiting);
        gauge("vllm:kv_cache_usage_perc", gauges, Gauges::cellsUsed);
        told("vllm:num_preemptions", () -> (double) gauges.get().preempted());
        told("vllm:prefix_cache_queries", () -> (double) gauges.get().prefixAsked());
        told("vllm:prefix_cache_hits", () -> (double) gauges.get().prefixHit());
        told("marea_llm_steps", () -> (double) gauges.get().steps());
        told("marea_llm_step_tokens", () -> (double) gauges.get().stepTokens());
        told("marea_llm_engine_restarts", () -> (double) restarts.get());
    }

    private Histogram histogram(String name, double[] bounds) {
        return Histogram.builder()
                .name(name)
                .help(name)
                .classicOnly()
                .classicUpperBounds(bounds)
                .labelNames("model_name")
                .register(registry);
    }

    private Counter counter(String name, String help) {
        return Counter.builder().name(name).help(help).labelNames("model_name").register(registry);
    }

    private void gauge(String name, Supplier<Gauges> gauges, ToDoubleFunction<Gauges> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(name)
                .labelNames("model_name")
                .callback(to -> to.call(value.applyAsDouble(gauges.get()), model))
                .register(registry);
    }

    private void told(String name, Supplier<Double> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(name)
                .labelNames("model_name")
                .callback(to -> to.call(value.get(), model))
                .register(registry);
    }

    /** Requests that are being answered. */
    int load() {
        return open.get();
    }

    byte[] text() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    Timing begin() {
        open.incrementAndGet();
        return new Timing();
    }

    /** One request's times. */
    final class Timing {
        private final long arrived = System.nanoTime();
        private long last = arrived;
        private int tokens;

        void begun() {
            queued.labelValues(model).observe(since(arrived));
        }

        void token() {
            double gap = since(last);
            last = System.nanoTime();
            if (tokens++ == 0) {
                firstToken.labelValues(model).observe(gap);
                genAiFirst.labelValues(model).observe(gap);
            } else {
                betweenTokens.labelValues(model).observe(gap);
                genAiEach.labelValues(model).observe(gap);
            }
        }

        void ended(News.End end) {
            succeeded.labelValues(model, end.name().toLowerCase(Locale.ROOT)).inc();
        }

        void succeeded(Usage usage) {
            over();
            promptTokens.labelValues(model).inc((double) usage.prompt());
            madeTokens.labelValues(model).inc((double) usage.completion());
            promptTokensEach.labelValues(model).observe((double) usage.prompt());
            madeTokensEach.labelValues(model).observe((double) usage.completion());
        }

        void failed(boolean clientGone) {
            over();
            succeeded.labelValues(model, clientGone ? "abort" : "error").inc();
        }

        private void over() {
            open.decrementAndGet();
            whole.labelValues(model).observe(since(arrived));
            genAiDuration.labelValues(model).observe(since(arrived));
        }

        private static double since(long nanos) {
            return (System.nanoTime() - nanos) / NANOS;
        }
    }
}
