package dev.marea.kubernetes.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.kubernetes.models.CachePlan.Node;
import dev.marea.kubernetes.models.CachePlan.Use;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.ModelCache;
import dev.marea.wire.kserve.NodeGroup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CachePlanTest {
    private static final List<Node> NODES =
            List.of(
                    new Node("gpu-1", Map.of("disk", "nvme"), true),
                    new Node("gpu-2", Map.of("disk", "nvme"), false),
                    new Node("cpu-1", Map.of("disk", "hdd"), true));

    private final NodeGroup fast =
            group(
                    """
                    metadata: {name: fast}
                    spec:
                      storageLimit: 10Gi
                      persistentVolumeSpec: {nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [nvme]}]}]}}}
                    """);
    private final NodeGroup all = group("{metadata: {name: all}, spec: {storageLimit: 5Gi}}");
    private final ModelCache llama = cache("llama", "hf://meta/llama:main", "8Gi", "[fast]");
    private final ModelCache iris = cache("iris", "s3://models/iris", "1Gi", "[fast, all]");

    private static Json.Obj yaml(String text) {
        try {
            return (Json.Obj) Yaml.read(text).getFirst();
        } catch (Exception bad) {
            throw new AssertionError(text, bad);
        }
    }

    private static NodeGroup group(String text) {
        try {
            return NodeGroup.read(yaml(text));
        } catch (Exception bad) {
            throw new AssertionError(text, bad);
        }
    }

    private static ModelCache cache(String name, String uri, String size, String groups) {
        var text =
                "{metadata: {name: %s}, spec: {sourceModelUri: '%s', modelSize: %s, nodeGroups: %s, serviceAccountName: fetcher}}"
                        .formatted(name, uri, size, groups);
        try {
            return ModelCache.read(yaml(text));
        } catch (Exception bad) {
            throw new AssertionError(text, bad);
        }
    }

    private CachePlan plan(List<ModelCache> caches, Map<String, Json.Obj> reports, Use... uses) {
        return CachePlan.of(
                new CachePlan.Seen(caches, List.of(fast, all), NODES, reports, List.of(uses)));
    }

    private static List<String> models(CachePlan plan, String node) {
        return plan.specs().getOrDefault(node, Json.Obj.EMPTY).list("localModels").stream()
                .map(model -> model.text("modelName").orElse(""))
                .toList();
    }

    @Test
    void theNodesOfAGroupKeepItsModels() {
        var plan = plan(List.of(llama, iris), Map.of());
        assertThat(models(plan, "gpu-1")).containsExactly("llama", "iris");
        assertThat(models(plan, "gpu-2")).containsExactly("llama", "iris");
        assertThat(models(plan, "cpu-1")).containsExactly("iris");
        assertThat(
                        plan.specs()
                                .getOrDefault("gpu-1", Json.Obj.EMPTY)
                                .list("localModels")
                                .getFirst())
                .isEqualTo(
                        Json.Obj.of(
                                "modelName",
                                "llama",
                                "sourceModelUri",
                                "hf://meta/llama:main",
                                "nodeGroup",
                                "fast",
                                "serviceAccountName",
                                "fetcher"));
    }

    @Test
    void aCacheSaysWhatEachNodeHas() {
        var reports =
                Map.of(
                        "gpu-1",
                        Json.Obj.of("modelStatus", Json.Obj.of("iris", "ModelDownloaded")),
                        "gpu-2",
                        Json.Obj.of("modelStatus", Json.Obj.of("iris", "ModelDownloaded")),
                        "cpu-1",
                        Json.Obj.of("modelStatus", Json.Obj.of("iris", "ModelDownloadError")));
        var status = plan(List.of(iris), reports).statuses().getFirst();
        assertThat(status.object("nodeStatus"))
                .isEqualTo(
                        Json.Obj.of(
                                "cpu-1", "NodeDownloadError",
                                "gpu-1", "NodeDownloaded",
                                "gpu-2", "NodeNotReady"));
        assertThat(status.object("copies"))
                .isEqualTo(Json.Obj.of("available", 1L, "total", 3, "failed", 1L));
        assertThat(plan(List.of(iris), Map.of()).statuses().getFirst().text("nodeStatus", "gpu-1"))
                .contains("NodeDownloadPending");
    }

    @Test
    void aGroupKeepsNoMoreThanItsLimit() {
        var second = cache("more", "hf://meta/other:main", "4Gi", "[fast]");
        var plan = plan(List.of(llama, second, iris), Map.of());
        assertThat(models(plan, "gpu-1")).containsExactly("llama", "iris");
        assertThat(plan.statuses().get(1).text("nodeStatus", "gpu-1"))
                .contains("NodeDownloadError");
    }

    @Test
    void servicesOfTheSameModelOrAPartOfItAreItsUsers() {
        var status =
                plan(
                                List.of(iris),
                                Map.of(),
                                new Use("a", "one", "s3://models/iris"),
                                new Use("b", "two", "s3://models/iris/v2"),
                                new Use("c", "three", "s3://models/iris-v2"))
                        .statuses()
                        .getFirst();
        assertThat(status.list("inferenceServices"))
                .extracting(use -> use.text("name").orElse(""))
                .containsExactly("one", "two");
    }

    @Test
    void aModelThatNobodyAsksForIsOnNoNode() {
        assertThat(plan(List.of(), Map.of()).specs()).isEmpty();
        var unknown = cache("lost", "s3://models/lost", "1Gi", "[nowhere]");
        assertThat(plan(List.of(unknown), Map.of()).statuses().getFirst().object("nodeStatus"))
                .isEqualTo(Json.Obj.EMPTY);
    }
}
