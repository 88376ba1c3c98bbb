package dev.marea.check.control;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the very objects that one service has, many times over under other names, and does nothing
 * else: no watch, no plan, no second write.
 */
final class PlainWriter {
    private static final List<String> CHILDREN =
            List.of(
                    "/apis/apps/v1 controllerrevisions",
                    "/apis/apps/v1 deployments",
                    "/api/v1 services",
                    "/apis/networking.k8s.io/v1 networkpolicies",
                    "/apis/policy/v1 poddisruptionbudgets",
                    "/apis/discovery.k8s.io/v1 endpointslices");
    private static final String SERVICES = "/apis/serving.kserve.io/v1beta1 inferenceservices";

    private final BenchApi api;
    private final String from;
    private final String model;
    private final Json.Obj service;
    private final List<Child> children = new ArrayList<>();

    private record Child(String place, Json.Obj tree) {}

    /** Learns from a service that the operator made true. */
    PlainWriter(BenchApi api, String namespace, String model) {
        this.api = api;
        this.from = namespace;
        this.model = model;
        this.service = api.get(path(SERVICES, namespace) + "/" + model);
        var uid = service.text("metadata", "uid").orElseThrow();
        for (var place : CHILDREN) {
            api.get(path(place, namespace)).list("items").stream()
                    .filter(item -> ownedBy(item, uid))
                    .forEach(item -> children.add(new Child(place, bare((Json.Obj) item))));
        }
    }

    int objects() {
        return children.size() + 1;
    }

    /** One service with all its objects and its status: a request for each. */
    void write(String namespace, String name) {
        var collection = path(SERVICES, namespace);
        var made = api.create(collection, renamed(bare(service), name, "", namespace));
        var uid = made.text("metadata", "uid").orElseThrow();
        for (var child : children) {
            api.create(path(child.place(), namespace), renamed(child.tree(), name, uid, namespace));
        }
        api.merge(
                collection + "/" + name + "/status",
                renamed(Json.Obj.of("status", service.object("status")), name, uid, namespace));
    }

    /** The Deployments and what finds their pods, as a user without us would write them. */
    void writeDeployment(String namespace, String name) {
        for (var child : children) {
            if (child.place().endsWith("deployments") || isOfRevision(child)) {
                var tree = renamed(child.tree(), name, "", namespace);
                api.create(
                        path(child.place(), namespace),
                        tree.withoutAt(List.of("metadata", "ownerReferences")));
            }
        }
    }

    private static boolean isOfRevision(Child child) {
        return child.place().endsWith(" services")
                && child.tree().at("metadata", "labels", "marea.dev/revision").isPresent();
    }

    private Json.Obj renamed(Json.Obj tree, String name, String uid, String namespace) {
        var old = service.text("metadata", "uid").orElseThrow();
        var text =
                tree.toString()
                        .replace(model, name)
                        .replace(from, namespace)
                        .replace(old, uid.isEmpty() ? old : uid);
        try {
            return (Json.Obj) JsonReader.read(text);
        } catch (MalformedJson impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean ownedBy(Json item, String uid) {
        return item.list("metadata", "ownerReferences").stream()
                .anyMatch(o -> o.text("uid").orElse("").equals(uid));
    }

    /** Without what the API adds. */
    private static Json.Obj bare(Json.Obj tree) {
        var metadata = tree.object("metadata");
        var kept = Json.Obj.of("name", metadata.text("name").orElseThrow());
        for (var field : List.of("labels", "annotations", "ownerReferences")) {
            var value = metadata.at(field);
            if (value.isPresent()) {
                kept = kept.with(field, value.get());
            }
        }
        return tree.with("metadata", kept)
                .without("status")
                .withoutAt(List.of("spec", "clusterIP"))
                .withoutAt(List.of("spec", "clusterIPs"));
    }

    static String path(String place, String namespace) {
        var parts = place.split(" ", 2);
        return parts[0] + "/namespaces/" + namespace + "/" + parts[1];
    }
}
