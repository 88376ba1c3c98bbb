package dev.marea.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhyPendingTest {
    private static final String PLAIN = "n1: {cpu: '4', memory: 16Gi}";
    private static final String GPUS =
            "n1: {cpu: '4', memory: 16Gi}, g1: {cpu: '8', memory: 64Gi, nvidia.com/gpu: '4'}";

    @ParameterizedTest(name = "{1} on {0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                PLAIN
                        + " | gpu: 1 | no node of this cluster has nvidia.com/gpu; add one, or ask for less in resources",
                "n1: {cpu: '4', memory: 16Gi, labels: {nvidia.com/gpu.present: 'true'}} | gpu: 1 | node n1 has a GPU but offers no nvidia.com/gpu: its driver or device plugin is missing or not healthy",
                GPUS
                        + " | mig: 1 | no node offers nvidia.com/mig-1g.10gb; there is 4 nvidia.com/gpu on g1",
                GPUS
                        + " | gpu: 8 | the pod asks for 8 nvidia.com/gpu and no node has more than 4; ask for fewer, or spread the model over several nodes",
                GPUS
                        + " | 'gpu: 1, selector: {disk: ssd}' | no node that has nvidia.com/gpu (g1) matches the pod's nodeSelector disk=ssd",
                GPUS
                        + " | gpu: 2 | all 4 nvidia.com/gpu are taken (by demo/llm 3, demo/iris 1); stop or shrink another service, or add a node",
                GPUS
                        + " | 'gpu: 1, memory: 100Gi' | the pod asks for 100Gi memory and the largest node it may run on has 64Gi; lower resources.requests or add a larger node",
                "g1: {cpu: '8', nvidia.com/gpu: '4', taints: [{key: gpu, value: only, effect: NoSchedule}]} | gpu: 1 | the nodes with nvidia.com/gpu (g1) are tainted gpu=only:NoSchedule; add a toleration to spec.predictor.tolerations",
                "g1: {cpu: '8', nvidia.com/gpu: '4', taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]} | gpu: 1 | the nodes with nvidia.com/gpu (g1) are cordoned; kubectl uncordon lets them take pods again",
                PLAIN
                        + " | 'selector: {disk: ssd}' | no node matches the pod's nodeSelector disk=ssd; the nodes are n1",
                PLAIN
                        + " | 'cpu: 64' | the pod asks for 64 cpu and the largest node it may run on has 4; lower resources.requests or add a larger node",
                PLAIN + " | 'cpu: 1' | nothing better than the scheduler",
                "n1: {cpu: '4', taints: [{key: a, effect: NoExecute}]} | 'cpu: 1' | all nodes (n1) are tainted a:NoExecute; add a toleration to spec.predictor.tolerations",
                "n1: {cpu: '4', taints: [{key: a, effect: NoExecute}]} | 'cpu: 8, tolerations: [{operator: Exists}]' | the pod asks for 8 cpu and the largest node it may run on has 4; lower resources.requests or add a larger node",
                "n1: {cpu: '4', taints: [{key: a, effect: PreferNoSchedule}]} | 'cpu: 1' | nothing better than the scheduler",
            })
    void saysWhatAPersonCanDo(String nodes, String pod, String why) {
        var pending =
                new WhyPending(
                        nodes(nodes), (_, _) -> Map.of("demo/llm", 3000L, "demo/iris", 1000L));
        assertThat(pending.explain(pod(pod)).orElse("nothing better than the scheduler"))
                .isEqualTo(why);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{key: zone, operator: In, values: [a, b]} | true",
                "{key: zone, operator: NotIn, values: [a]} | false",
                "{key: zone, operator: Exists} | true",
                "{key: disk, operator: DoesNotExist} | true",
                "{key: disk, operator: In, values: [ssd]} | false",
            })
    void nodeAffinityIsRead(String expression, boolean admitted) {
        var pod =
                tree(
                        "spec: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: ["
                                + expression
                                + "]}]}}}}");
        var node = nodes("n1: {cpu: '4', labels: {zone: a}}").getFirst();
        assertThat(new Selection(pod).admits(node)).isEqualTo(admitted);
    }

    @ParameterizedTest(name = "{0}: {1} of {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{containers: [{resources: {requests: {cpu: 500m}}}, {resources: {limits: {cpu: '1'}}}]} | 1500 | cpu",
                "{containers: [{resources: {requests: {cpu: 1}}}], initContainers: [{resources: {requests: {cpu: 3}}}]} | 3000 | cpu",
                "{containers: [{resources: {requests: {cpu: 1}, limits: {nvidia.com/gpu: 2}}}]} | 2000 | nvidia.com/gpu",
            })
    void aPodNeedsItsContainersTogetherOrItsLargestStep(String spec, long milli, String resource) {
        assertThat(Demand.of(tree("spec: " + spec)).of(resource)).isEqualTo(milli);
    }

    private static List<Node> nodes(String text) {
        return tree("{" + text + "}").fields().entrySet().stream()
                .map(e -> node(e.getKey(), (Json.Obj) e.getValue()))
                .toList();
    }

    private static Node node(String name, Json.Obj said) {
        var resources = said.without("labels").without("taints");
        return Node.of(
                Json.Obj.of(
                        "metadata",
                        Json.Obj.of("name", name, "labels", said.object("labels")),
                        "spec",
                        Json.Obj.of("taints", new Json.Arr(said.list("taints"))),
                        "status",
                        Json.Obj.of("capacity", resources, "allocatable", resources)));
    }

    private static Json.Obj pod(String text) {
        var said = tree("{" + text + "}");
        var requests = new java.util.LinkedHashMap<String, Object>();
        Map.of(
                        "gpu",
                        "nvidia.com/gpu",
                        "mig",
                        "nvidia.com/mig-1g.10gb",
                        "cpu",
                        "cpu",
                        "memory",
                        "memory")
                .forEach((word, resource) ->
                        said.at(word).ifPresent(amount -> requests.put(resource, amount)));
        return Json.Obj.of(
                "spec",
                Json.Obj.of(
                        "nodeSelector",
                        said.object("selector"),
                        "tolerations",
                        new Json.Arr(said.list("tolerations")),
                        "containers",
                        List.of(Json.Obj.of("resources", Json.Obj.of("requests", requests)))));
    }

    private static Json.Obj tree(String yaml) {
        try {
            return (Json.Obj) Yaml.read(yaml).getFirst();
        } catch (MalformedJson bad) {
            throw new IllegalArgumentException(bad);
        }
    }
}
