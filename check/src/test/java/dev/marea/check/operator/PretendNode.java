package dev.marea.check.operator;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes Deployments ready at once and lists their pods in EndpointSlices. A model whose path holds
 * {@code slow} waits for {@link #release}; one with {@code broken} never loads and says so.
 */
final class PretendNode implements AutoCloseable {
    private static final String MANAGER = "pretend-node";

    private final Objects objects;
    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private final Objects.Watch watch;

    PretendNode(Objects objects) throws Refusal {
        this.objects = objects;
        this.watch = objects.watch(Resource.DEPLOYMENT, 0, change -> look(change.key()));
    }

    void release(String deployment) {
        released.add(deployment);
        look(new Key(Resource.DEPLOYMENT, "demo", deployment));
    }

    private synchronized void look(Key key) {
        try {
            var deployment = objects.get(key);
            if (deployment.isEmpty()) {
                slice(key, 0, Optional.empty());
                return;
            }
            run(key, deployment.get());
        } catch (Refusal conflict) {
            // Whoever was quicker makes another change, and we look again.
            if (conflict.code() != 409 && conflict.code() != 404) {
                throw new IllegalStateException(conflict);
            }
            look(key);
        }
    }

    private void run(Key key, Json.Obj deployment) throws Refusal {
        int wanted = (int) deployment.integer("spec", "replicas").orElse(1);
        var text = deployment.object("spec", "template").toString();
        var slow = text.contains("slow") && !released.contains(key.name());
        var broken = text.contains("broken");
        int ready = slow || broken ? 0 : wanted;
        var status =
                Json.Obj.of(
                        "observedGeneration",
                        deployment.integer("metadata", "generation").orElse(0),
                        "replicas",
                        wanted,
                        "readyReplicas",
                        ready,
                        "availableReplicas",
                        ready);
        if (!status.equals(deployment.object("status"))) {
            objects.updateStatus(deployment.with("status", status), MANAGER);
        }
        if (broken && wanted > 0) {
            fail(key, deployment);
        }
        slice(key, ready, Optional.of(deployment));
    }

    private void fail(Key key, Json.Obj deployment) throws Refusal {
        var pod = new Key(Resource.POD, key.namespace(), key.name() + "-pod");
        if (objects.get(pod).isPresent()) {
            return;
        }
        var made =
                objects.create(
                        Json.Obj.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Pod",
                                "metadata",
                                Json.Obj.of(
                                        "name",
                                        pod.name(),
                                        "namespace",
                                        pod.namespace(),
                                        "labels",
                                        deployment.object("spec", "template", "metadata", "labels"),
                                        "ownerReferences",
                                        List.of(owner(deployment))),
                                "spec",
                                Json.Obj.of(
                                        "containers",
                                        List.of(
                                                Json.Obj.of(
                                                        "name",
                                                        "kserve-container",
                                                        "image",
                                                        "x")))),
                        MANAGER);
        var ended = Json.Obj.of("exitCode", 3, "message", "no model file in /models/broken");
        var container =
                Json.Obj.of(
                        "name",
                        "kserve-container",
                        "image",
                        "x",
                        "imageID",
                        "",
                        "ready",
                        false,
                        "restartCount",
                        1,
                        "lastState",
                        Json.Obj.of("terminated", ended));
        objects.updateStatus(
                made.with("status", Json.Obj.of("containerStatuses", List.of(container))), MANAGER);
    }

    private void slice(Key deployment, int ready, Optional<Json.Obj> owner) throws Refusal {
        var key = new Key(Resource.ENDPOINT_SLICE, deployment.namespace(), deployment.name());
        var live = objects.get(key);
        if (owner.isEmpty()) {
            if (live.isPresent()) {
                objects.delete(key, MANAGER);
            }
            return;
        }
        var endpoints = new ArrayList<Json.Obj>();
        for (int i = 0; i < ready; i++) {
            endpoints.add(
                    Json.Obj.of(
                            "addresses", List.of("127.0.0." + (i + 1)),
                            "conditions", Json.Obj.of("ready", true),
                            "targetRef",
                                    Json.Obj.of(
                                            "kind", "Pod", "name", deployment.name() + "-" + i)));
        }
        var labels =
                owner.get()
                        .object("metadata", "labels")
                        .with("kubernetes.io/service-name", Json.of(deployment.name()));
        var tree =
                Json.Obj.of(
                        "apiVersion",
                        "discovery.k8s.io/v1",
                        "kind",
                        "EndpointSlice",
                        "metadata",
                        Json.Obj.of(
                                "name",
                                key.name(),
                                "namespace",
                                key.namespace(),
                                "labels",
                                labels,
                                "ownerReferences",
                                List.of(owner(owner.get()))),
                        "addressType",
                        "IPv4",
                        "endpoints",
                        endpoints,
                        "ports",
                        List.of(Json.Obj.of("name", "http", "port", 4000, "protocol", "TCP")));
        if (live.isEmpty()) {
            objects.create(tree, MANAGER);
        } else if (live.get().list("endpoints").size() != ready) {
            objects.update(live.get().with("endpoints", Json.of(endpoints)), MANAGER);
        }
    }

    private static Json.Obj owner(Json.Obj deployment) {
        return Json.Obj.of(
                "apiVersion",
                "apps/v1",
                "kind",
                "Deployment",
                "name",
                deployment.text("metadata", "name").orElseThrow(),
                "uid",
                deployment.text("metadata", "uid").orElseThrow());
    }

    @Override
    public void close() {
        watch.close();
    }
}
