package dev.marea.local.controllers;

import static org.assertj.core.api.Assertions.fail;

import dev.marea.local.LocalApi;
import dev.marea.local.api.Catalog;
import dev.marea.local.objects.Change;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Conditions;
import dev.marea.local.work.Follow;
import dev.marea.local.work.Serial;
import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.Yaml;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * All controllers over an empty API, with a node that runs nothing but says that pods are ready.
 */
final class World implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final LocalApi api = LocalApi.inMemory(List.of(), Map.of(), Clock.systemUTC());
    final Objects objects = api.objects();
    final Controllers controllers =
            Controllers.start(objects, Catalog.of(List.of()).resources(), Time.system());
    private final Serial node = new Serial("node");
    private final Follow follow;
    private volatile Predicate<Json.Obj> well = _ -> true;

    World() {
        follow = Follow.all(objects, Resource.POD, change -> node.execute(() -> run(change)));
    }

    /** Pods that the node will never call ready. */
    void sick(Predicate<Json.Obj> sick) {
        well = sick.negate();
    }

    private void run(Change change) {
        var pod = objects.get(change.key());
        if (pod.isEmpty()) {
            return;
        }
        try {
            if (new Meta(pod.get()).deleting()) {
                objects.delete(change.key(), Deletion.NOW, Objects.NODE);
            } else if (pod.get().text("spec", "nodeName").isEmpty()) {
                var number = 20_000 + Math.abs(change.key().name().hashCode() % 10_000);
                objects.update(
                        pod.get()
                                .withAt(List.of("spec", "nodeName"), Json.of("fake"))
                                .withAt(
                                        List.of("metadata", "annotations", "marea.dev/ports"),
                                        Json.of("{\"8080\":" + number + "}")),
                        Objects.NODE);
            } else if (!Pods.ready(pod.get()) && well.test(pod.get())) {
                objects.updateStatus(ready(pod.get(), true), Objects.NODE);
            }
        } catch (Refusal late) {
            if (!late.conflict() && !late.notFound() && late.code() != 503) {
                throw new AssertionError(late);
            }
        }
    }

    static Json.Obj ready(Json.Obj pod, boolean ready) {
        var conditions =
                new Conditions(pod.list("status", "conditions"))
                        .with(Conditions.condition("Ready", ready), Instant.now());
        return pod.with(
                "status",
                Json.Obj.of(
                        "phase", "Running",
                        "podIP", "127.0.0.1",
                        "conditions", conditions.items()));
    }

    Json.Obj apply(String yaml) {
        try {
            return objects.create((Json.Obj) Yaml.read(yaml).getFirst(), "test");
        } catch (JsonReader.MalformedJson | Refusal bad) {
            throw new AssertionError(bad);
        }
    }

    Json.Obj deploy(String name, int replicas, String strategy) {
        return apply(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: default}
                spec:
                  replicas: %d
                  strategy: %s
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec: {containers: [{name: main, image: "a:1", ports: [{containerPort: 8080, name: http}]}]}
                """
                        .formatted(name, replicas, strategy, name, name));
    }

    void edit(Key key, UnaryOperator<Json.Obj> change) {
        try {
            objects.update(
                    change.apply(objects.get(key).orElseThrow())
                            .withoutAt(List.of("metadata", "resourceVersion")),
                    "test");
        } catch (Refusal refused) {
            throw new AssertionError(refused);
        }
    }

    void image(String deployment, String image) {
        edit(
                deployment(deployment),
                now ->
                        now.withAt(
                                List.of("spec", "template", "spec", "containers"),
                                Json.of(List.of(Json.Obj.of("name", "main", "image", image)))));
    }

    void scale(String deployment, int replicas) {
        edit(
                deployment(deployment),
                now -> now.withAt(List.of("spec", "replicas"), Json.of(replicas)));
    }

    static Key deployment(String name) {
        return new Key(Resource.DEPLOYMENT, "default", name);
    }

    List<Json.Obj> pods() {
        return list(Resource.POD);
    }

    List<Json.Obj> list(Resource resource) {
        return objects.list(resource, "default").items();
    }

    Json.Obj awaitDeployment(String name, Predicate<Json.Obj> like) {
        return await(
                () -> objects.get(deployment(name)).filter(like),
                () -> objects.get(deployment(name)) + "\n" + pods());
    }

    /** As kubectl's rollout status decides it. */
    static boolean rolledOut(Json.Obj deployment) {
        long wanted = deployment.integer("spec", "replicas").orElse(1);
        long updated = deployment.integer("status", "updatedReplicas").orElse(0);
        return deployment.integer("status", "observedGeneration").orElse(0)
                        >= deployment.integer("metadata", "generation").orElse(0)
                && updated == wanted
                && deployment.integer("status", "replicas").orElse(0) == updated
                && deployment.integer("status", "availableReplicas").orElse(0) == updated;
    }

    static String reason(Json.Obj object, String condition) {
        return new Conditions(object.list("status", "conditions"))
                .find(condition)
                .flatMap(c -> c.text("reason"))
                .orElse("");
    }

    static void awaitTrue(Supplier<Boolean> holds, Supplier<String> now) {
        var _ = await(() -> holds.get() ? Optional.of(true) : Optional.empty(), now);
    }

    static <T> T await(Supplier<Optional<T>> look, Supplier<String> now) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(2_000_000);
        }
        return fail("it did not come: " + now.get());
    }

    @Override
    public void close() {
        follow.close();
        controllers.close();
        api.close();
    }
}
