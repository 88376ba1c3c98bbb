package dev.marea.wire.kserve;

import dev.marea.core.spec.Autoscaling.Scaler;
import dev.marea.core.spec.Component;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Set;

/** Rules for a predictor whose one replica stands on several nodes. */
final class Workers {
    static final String FIELD = "workerSpec";

    /** Told to the containers by us. */
    private static final Set<String> SIZES =
            Set.of("PIPELINE_PARALLEL_SIZE", "TENSOR_PARALLEL_SIZE");

    private static final int SIZE_MAX = 1_000;

    private Workers() {}

    static void check(Json.Obj predictor, String path, Component component, Problems problems) {
        if (!predictor.has(FIELD)) {
            return;
        }
        var worker = predictor.object(FIELD);
        var at = path + "." + FIELD;
        if (!predictor.has("model")) {
            problems.forbidden(at, "needs a model; containers of your own are single");
        }
        if (component.autoscaling().scaler() != Scaler.NONE) {
            problems.invalid(
                    at,
                    "a replica of several nodes is not scaled; add the annotation %s: none"
                            .formatted(Annotations.AUTOSCALER_CLASS));
        }
        if (component.scale().min() > 1) {
            problems.invalid(path + ".minReplicas", "is 1 at most beside workerSpec");
        }
        for (var size : List.of("pipelineParallelSize", "tensorParallelSize")) {
            worker.at(size)
                    .filter(v -> !(v instanceof Json.Int(var n) && n >= 1 && n <= SIZE_MAX))
                    .ifPresent(
                            v -> problems.invalid(at + "." + size, "must be 1 to 1000, was " + v));
        }
        if (worker.list("containers").size() > 1) {
            problems.invalid(at + ".containers", "takes one container, the worker's");
        }
        checkModel(predictor, path, problems);
        checkSizes(predictor.object("model"), path + ".model", problems);
        worker.list("containers").forEach(c -> checkSizes(c, at + ".containers[0]", problems));
    }

    /** Every node reads the files itself, from where all of them can. */
    private static void checkModel(Json.Obj predictor, String path, Problems problems) {
        predictor
                .text("model", "storageUri")
                .filter(uri ->
                        !uri.startsWith("pvc://")
                                && !uri.startsWith("oci://")
                                && !uri.startsWith("oci+native://"))
                .ifPresent(uri ->
                        problems.invalid(
                                path + ".model.storageUri",
                                "must be pvc:// or oci:// beside workerSpec, for every node mounts it"));
    }

    private static void checkSizes(Json container, String path, Problems problems) {
        var entries = container.list("env");
        for (int i = 0; i < entries.size(); i++) {
            var name = entries.get(i).text("name").orElse("");
            if (SIZES.contains(name)) {
                problems.forbidden(
                        "%s.env[%d].name".formatted(path, i),
                        name + " is set by workerSpec, not by the environment");
            }
        }
    }
}
