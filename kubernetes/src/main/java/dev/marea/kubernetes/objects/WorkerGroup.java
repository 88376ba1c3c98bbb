package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A replica that stands on several nodes: a head, which takes the requests, and workers that join
 * it by its name. Names of variables and labels are KServe's.
 *
 * @param nodes in all, the head's included
 * @param gpus on each of them
 * @param worker the worker's pod, the author's over the runtime's
 */
record WorkerGroup(long nodes, long gpus, Json.Obj worker) {
    static final String FIELD = "workerSpec";
    private static final String CONTAINER = "worker-container";
    private static final String NODES = "pipelineParallelSize";
    private static final String GPUS = "tensorParallelSize";
    private static final String ROLE = "multinode/role";

    /** Resources that are GPUs; one of them in a container stands for all. */
    private static final List<String> DEVICES =
            List.of("nvidia.com/gpu", "amd.com/gpu", "intel.com/gpu", "habana.ai/gaudi");

    private static final Set<String> STEERING = Set.of(NODES, GPUS, "containers");

    static Optional<WorkerGroup> of(Json.Obj predictor, Optional<RuntimeTree> runtime) {
        if (!predictor.has(FIELD)) {
            return Optional.empty();
        }
        var given = runtime.map(r -> r.spec().object(FIELD)).orElse(Json.Obj.EMPTY);
        var merged = Merge.objects(named(given), named(predictor.object(FIELD)));
        return Optional.of(
                new WorkerGroup(
                        merged.integer(NODES).orElse(2), merged.integer(GPUS).orElse(1), merged));
    }

    static boolean isHead(Json template) {
        return template.text("metadata", "labels", ROLE).filter("head"::equals).isPresent();
    }

    /** There is one container, whatever it was called. */
    private static Json.Obj named(Json.Obj spec) {
        return spec.list("containers").size() == 1
                        && spec.list("containers").getFirst() instanceof Json.Obj only
                ? spec.with("containers", Json.of(List.of(only.with("name", Json.of(CONTAINER)))))
                : spec;
    }

    Json identity() {
        return Json.Obj.of("nodes", nodes, "gpus", gpus, "worker", worker);
    }

    /** How many stand beside the head. */
    long workers() {
        return nodes - 1;
    }

    /** The pod that was rendered for one node, as the head of several. */
    Json.Obj head(Json.Obj template) throws Unrenderable {
        var containers = new ArrayList<>(template.list("spec", "containers"));
        containers.set(0, equipped((Json.Obj) containers.getFirst()));
        return template.withAt(List.of("metadata", "labels", ROLE), Json.of("head"))
                .withAt(List.of("spec", "containers"), new Json.Arr(containers));
    }

    /**
     * The pod of a worker, with the model where the head has it. It bears no label by which
     * requests find it.
     */
    Json.Obj worker(Subject subject, Json.Obj head) throws Unrenderable {
        var container =
                worker.list("containers").stream()
                        .map(c -> (Json.Obj) c)
                        .findFirst()
                        .orElseThrow(() ->
                                new Unrenderable(
                                        Reason.INVALID_PREDICTOR_SPEC,
                                        "neither the runtime's workerSpec nor the predictor's has a container"));
        var model = head.list("spec", "containers").getFirst().list("volumeMounts");
        var mounted = Merge.objects(Json.Obj.of("volumeMounts", new Json.Arr(model)), container);
        var spec = Json.Obj.of("volumes", new Json.Arr(head.list("spec", "volumes")));
        for (var field : worker.fields().entrySet()) {
            spec =
                    STEERING.contains(field.getKey())
                            ? spec
                            : Merge.objects(spec, Json.Obj.of(field.getKey(), field.getValue()));
        }
        var labels = new LinkedHashMap<String, String>();
        labels.put(Names.SERVICE_LABEL, subject.name());
        labels.put(Names.COMPONENT_LABEL, "predictor");
        labels.put(ROLE, "worker");
        return Json.Obj.of(
                "metadata",
                Json.Obj.of("labels", labels),
                "spec",
                spec.with("containers", Json.of(List.of(equipped(mounted)))));
    }

    /** Variables first, so that those of the author may be made of them. */
    private Json.Obj equipped(Json.Obj container) throws Unrenderable {
        var env = new ArrayList<Json>();
        env.add(
                Json.Obj.of(
                        "name",
                        "MAREA_REVISION",
                        "valueFrom",
                        Json.Obj.of(
                                "fieldRef",
                                Json.Obj.of(
                                        "fieldPath",
                                        "metadata.labels['" + Names.REVISION_LABEL + "']"))));
        Map<String, String> told = new LinkedHashMap<>();
        told.put("HEAD_SVC", "$(MAREA_REVISION)" + WorkerObjects.HEAD);
        told.put("PIPELINE_PARALLEL_SIZE", Long.toString(nodes));
        told.put("TENSOR_PARALLEL_SIZE", Long.toString(gpus));
        told.put("RAY_NODE_COUNT", Long.toString(nodes));
        told.put("REQUEST_GPU_COUNT", Long.toString(gpus));
        told.forEach((name, value) -> env.add(Json.Obj.of("name", name, "value", value)));
        var with = Merge.objects(Json.Obj.of("env", new Json.Arr(env)), container);
        return with.with("resources", withGpus(container));
    }

    private Json withGpus(Json.Obj container) throws Unrenderable {
        var resources = container.object("resources");
        var amount = Long.toString(gpus);
        var device =
                DEVICES.stream()
                        .filter(d ->
                                resources.object("limits").has(d)
                                        || resources.object("requests").has(d))
                        .findFirst()
                        .orElse(DEVICES.getFirst());
        for (var field : List.of("requests", "limits")) {
            var asked = resources.at(field, device).map(WorkerGroup::text);
            if (asked.filter(a -> !a.equals(amount)).isPresent()) {
                throw new Unrenderable(
                        Reason.INVALID_GPU_ALLOCATION,
                        "container %s asks for %s %s in %s, and workerSpec.%s is %s; leave it out or make them the same"
                                .formatted(
                                        container.text("name").orElse("?"),
                                        asked.orElse(""),
                                        device,
                                        field,
                                        GPUS,
                                        amount));
            }
        }
        return resources
                .withAt(List.of("requests", device), Json.of(amount))
                .withAt(List.of("limits", device), Json.of(amount));
    }

    private static String text(Json value) {
        return value instanceof Json.Str(var text) ? text : value.toString();
    }
}
