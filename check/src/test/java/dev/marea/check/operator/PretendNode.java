package dev.marea.check.operator;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.kubernetes.api.ApiClient;
import dev.marea.kubernetes.client.Kubeconfigs;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says that pods are ready without running them, on whatever API there is. A model whose path holds
 * {@code slow} waits for {@link #release}; one with {@code broken} never loads and says so. What is
 * fetched is there at once, and resolved. Pods that want a GPU it leaves alone.
 */
final class PretendNode implements AutoCloseable {
    private static final String REVISION = "marea.dev/revision";
    private static final String DEVICE = "nvidia.com/gpu";
    private static final String ADDRESS = "10.99.0.1";

    private final ApiUnderTest api;
    private final String name;
    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private final KubernetesClient watching;
    private final SharedIndexInformer<Pod> pods;

    PretendNode(ApiUnderTest api) {
        this.api = api;
        this.name = "pretend-" + api.namespace();
        if (!api.isOurs()) {
            join();
        }
        this.watching = ApiClient.open(Kubeconfigs.read(api.kubeconfig()));
        this.pods = watching.pods().inNamespace(api.namespace()).inform(new Looking());
    }

    private final class Looking implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            tell(pod.getMetadata().getName());
        }

        @Override
        public void onUpdate(Pod before, Pod after) {
            if (after.getMetadata().getDeletionTimestamp() != null) {
                api.client().resource(after).withGracePeriod(0).delete(); // it has ended, at once
            }
        }

        @Override
        public void onDelete(Pod pod, boolean unknown) {
            // Gone.
        }
    }

    /** Real controllers route to no pod whose node they do not know. */
    private void join() {
        var node = new NodeBuilder().withNewMetadata().withName(name).endMetadata().build();
        api.client().resource(node).create();
    }

    private void bind(String pod) {
        var path = "/api/v1/namespaces/" + api.namespace() + "/pods/" + pod + "/binding";
        var binding =
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Binding",
                        "metadata",
                        Json.Obj.of("name", pod),
                        "target",
                        Json.Obj.of("apiVersion", "v1", "kind", "Node", "name", name));
        var answer = api.ask("POST", path, "application/json", "application/json", text(binding));
        if (answer.status() != 201 && answer.status() != 404 && answer.status() != 409) {
            throw new IllegalStateException(answer.text());
        }
    }

    private static String text(Json.Obj object) {
        return new String(JsonWriter.bytes(object), StandardCharsets.UTF_8);
    }

    void release(String revision) {
        released.add(revision);
        for (var pod : api.client().pods().inNamespace(api.namespace()).list().getItems()) {
            tell(pod.getMetadata().getName());
        }
    }

    private void tell(String podName) {
        var path = "/api/v1/namespaces/" + api.namespace() + "/pods/" + podName;
        var pod = api.get(path);
        if (pod.status() != 200) {
            return; // gone meanwhile
        }
        if (pod.json().object("spec").toString().contains(DEVICE)) {
            return; // the scheduler's to place, and it has no such node
        }
        if (!api.isOurs() && pod.json().text("spec", "nodeName").isEmpty()) {
            bind(podName);
        }
        var answer =
                api.ask(
                        "PATCH",
                        path + "/status",
                        "application/json",
                        "application/merge-patch+json",
                        text(Json.Obj.of("status", status(pod.json()))));
        if (answer.status() != 200 && answer.status() != 404) {
            throw new IllegalStateException(answer.text());
        }
    }

    private Json.Obj status(Json.Obj pod) {
        var text = pod.object("spec").toString();
        var broken = text.contains("broken");
        var slow =
                text.contains("slow")
                        && !released.contains(pod.text("metadata", "labels", REVISION).orElse(""));
        var ready = !broken && !slow;
        var container =
                Json.Obj.of(
                        "name", "kserve-container",
                        "image", "x",
                        "imageID", "",
                        "ready", ready,
                        "restartCount", 0);
        var ended =
                Json.Obj.of(
                        "terminated",
                        Json.Obj.of("exitCode", 3, "message", "no model file in /models/broken"));
        var now = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
        return Json.Obj.of(
                "initContainerStatuses",
                pod.list("spec", "initContainers").stream().map(c -> fetched(c, now)).toList(),
                "phase",
                "Running",
                "podIP",
                ADDRESS,
                "podIPs",
                List.of(Json.Obj.of("ip", ADDRESS)),
                "conditions",
                List.of(
                        Json.Obj.of(
                                "type",
                                "Ready",
                                "status",
                                ready ? "True" : "False",
                                "lastTransitionTime",
                                now)),
                "containerStatuses",
                List.of(broken ? container.with("lastState", ended) : container));
    }

    private static Json.Obj fetched(Json container, String now) {
        var uri = container.list("args").get(1) instanceof Json.Str(var text) ? text : "";
        var ended =
                Json.Obj.of(
                        "exitCode",
                        0,
                        "reason",
                        "Completed",
                        "message",
                        "fetched\npinned %s -> %s#v1".formatted(uri, uri),
                        "startedAt",
                        now,
                        "finishedAt",
                        now);
        return Json.Obj.of(
                "name",
                container.text("name").orElse(""),
                "image",
                "x",
                "imageID",
                "",
                "ready",
                true,
                "restartCount",
                0,
                "state",
                Json.Obj.of("terminated", ended));
    }

    @Override
    public void close() {
        pods.close();
        watching.close();
        if (!api.isOurs()) {
            api.client().nodes().withName(name).delete();
        }
    }
}
