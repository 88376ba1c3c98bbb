package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.List;

/**
 * The CustomResourceDefinitions of our kinds. Their YAML files are the source of truth for what a
 * manifest may say: the API serves them, and the readers and admissions check against them.
 */
public final class Crds {
    private static final Json.Obj INFERENCE_SERVICES = load("inferenceservices");
    private static final Json.Obj SERVING_RUNTIMES = load("servingruntimes");
    private static final Json.Obj CLUSTER_SERVING_RUNTIMES = load("clusterservingruntimes");
    private static final Json.Obj TRAINED_MODELS = load("trainedmodels");
    private static final Json.Obj STORAGE_CONTAINERS = load("clusterstoragecontainers");
    private static final Json.Obj MODEL_CACHES = load("localmodelcaches");
    private static final Json.Obj NAMESPACE_CACHES = load("localmodelnamespacecaches");
    private static final Json.Obj NODE_GROUPS = load("localmodelnodegroups");
    private static final Json.Obj MODEL_NODES = load("localmodelnodes");

    private Crds() {}

    /** Every definition, parsed. */
    public static List<Json.Obj> all() {
        return List.of(
                INFERENCE_SERVICES,
                SERVING_RUNTIMES,
                CLUSTER_SERVING_RUNTIMES,
                TRAINED_MODELS,
                STORAGE_CONTAINERS,
                MODEL_CACHES,
                NAMESPACE_CACHES,
                NODE_GROUPS,
                MODEL_NODES);
    }

    static Schema inferenceService() {
        return schema(INFERENCE_SERVICES);
    }

    static Schema servingRuntime() {
        return schema(SERVING_RUNTIMES);
    }

    static Schema trainedModel() {
        return schema(TRAINED_MODELS);
    }

    static Schema storageContainer() {
        return schema(STORAGE_CONTAINERS);
    }

    static Schema modelCache() {
        return schema(MODEL_CACHES);
    }

    static Schema nodeGroup() {
        return schema(NODE_GROUPS);
    }

    private static Schema schema(Json.Obj crd) {
        return new Schema(
                crd.list("spec", "versions").getFirst().object("schema", "openAPIV3Schema"));
    }

    private static Json.Obj load(String plural) {
        var name = "crds/" + plural + ".yaml";
        return Resources.object(name, Resources.text(name));
    }
}
