package dev.marea.server.rest;

import dev.marea.server.config.Batching;
import dev.marea.server.config.ModelConfig;
import dev.marea.server.config.VersionPolicy;
import dev.marea.server.models.ModelStatistics;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What is told of models, in KServe's and Triton's words. */
final class ModelFacts {
    private ModelFacts() {}

    static Json metadata(String name, List<String> versions, ModelMetadata facts) {
        return Json.Obj.of(
                "name", name,
                "versions", versions,
                "platform", facts.platform(),
                "inputs", specs(facts.inputs()),
                "outputs", specs(facts.outputs()));
    }

    static Json specs(List<TensorSpec> specs) {
        return list(
                specs,
                spec ->
                        Json.Obj.of(
                                "name", spec.name(),
                                "datatype", spec.datatype().name(),
                                "shape", spec.shape()));
    }

    private interface Written<T> {
        Json of(T value);
    }

    private static <T> Json list(List<T> values, Written<T> written) {
        var items = new ArrayList<Json>(values.size());
        for (var value : values) {
            items.add(written.of(value));
        }
        return new Json.Arr(items);
    }

    static Json statistics(List<ModelStatistics> models) {
        return Json.Obj.of("model_stats", list(models, ModelFacts::statistics));
    }

    private static Json statistics(ModelStatistics model) {
        return Json.Obj.of(
                "name", model.name(),
                "version", model.version(),
                "last_inference", model.lastInferenceMs(),
                "inference_count", model.inferenceCount(),
                "execution_count", model.executionCount(),
                "inference_stats", requests(model.requests()),
                "response_stats", Json.Obj.EMPTY,
                "batch_stats", list(model.batches(), ModelFacts::batch),
                "memory_usage", Json.Arr.EMPTY);
    }

    private static Json requests(ModelStatistics.Requests requests) {
        return Json.Obj.of(
                "success", total(requests.success()),
                "fail", total(requests.fail()),
                "queue", total(requests.queue()),
                "compute_input", total(requests.computeInput()),
                "compute_infer", total(requests.computeInfer()),
                "compute_output", total(requests.computeOutput()),
                "cache_hit", total(requests.cacheHit()),
                "cache_miss", total(requests.cacheMiss()));
    }

    private static Json batch(ModelStatistics.Batch batch) {
        return Json.Obj.of(
                "batch_size", batch.rows(),
                "compute_input", total(batch.computeInput()),
                "compute_infer", total(batch.computeInfer()),
                "compute_output", total(batch.computeOutput()));
    }

    private static Json total(ModelStatistics.Total total) {
        return Json.Obj.of("count", total.count(), "ns", total.nanos());
    }

    /** Triton's ModelConfig. The batch's dimension is none of the tensors' there. */
    static Json config(String name, ModelConfig config, ModelMetadata facts) {
        int rowsMax = config.batching().rowsMax().orElse(0);
        var json =
                Json.Obj.of(
                        "name", name,
                        "platform", facts.platform(),
                        "backend", config.backend().orElse(facts.platform()),
                        "version_policy", policy(config.versions()),
                        "max_batch_size", rowsMax,
                        "input", tensors(facts.inputs(), rowsMax > 0),
                        "output", tensors(facts.outputs(), rowsMax > 0));
        if (config.instances().isPresent()) {
            json =
                    json.with(
                            "instance_group",
                            Json.of(
                                    List.of(
                                            Json.Obj.of(
                                                    "count",
                                                    config.instances().getAsInt(),
                                                    "kind",
                                                    "KIND_CPU"))));
        }
        return rowsMax > 1 ? json.with("dynamic_batching", batching(config.batching())) : json;
    }

    private static Json policy(VersionPolicy policy) {
        return switch (policy) {
            case VersionPolicy.Latest(int count) ->
                    Json.Obj.of("latest", Json.Obj.of("num_versions", count));
            case VersionPolicy.All() -> Json.Obj.of("all", Json.Obj.EMPTY);
            case VersionPolicy.Specific(var numbers) ->
                    Json.Obj.of("specific", Json.Obj.of("versions", numbers));
        };
    }

    private static Json batching(Batching batching) {
        return Json.Obj.of(
                "preferred_batch_size",
                batching.preferred(),
                "max_queue_delay_microseconds",
                batching.delay().toNanos() / 1_000);
    }

    private static Json tensors(List<TensorSpec> specs, boolean batched) {
        UnaryOperator<List<Integer>> dims =
                shape -> batched && !shape.isEmpty() ? shape.subList(1, shape.size()) : shape;
        return list(
                specs,
                spec ->
                        Json.Obj.of(
                                "name", spec.name(),
                                "data_type", type(spec.datatype()),
                                "dims", dims.apply(spec.shape())));
    }

    private static String type(Datatype datatype) {
        return "TYPE_" + (datatype == Datatype.BYTES ? "STRING" : datatype.name());
    }
}
