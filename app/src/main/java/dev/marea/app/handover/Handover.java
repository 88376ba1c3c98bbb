package dev.marea.app.handover;

import static dev.marea.app.handover.Found.DEPLOYMENTS;
import static dev.marea.app.handover.Found.KINDS;
import static dev.marea.app.handover.Found.name;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets Marea take over the services that KServe serves, and gives them back. InferenceServices and
 * all that KServe made of them stay as they are: its controller is put to sleep and its webhooks
 * are set aside, in a ConfigMap from which they return.
 */
public final class Handover {
    /** In KServe's namespace: what was changed, and how it was before. */
    static final String RECORD = "marea-import";

    private static final ResourcePath CONFIG_MAPS = ResourcePath.named("configmaps").orElseThrow();
    private static final String HELM = "meta.helm.sh/release-";
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    private final Cluster cluster;
    private final String namespace;
    private final Consumer<String> words;

    /**
     * Of one cluster.
     *
     * @param namespace KServe's
     * @param words hears each step
     */
    public Handover(Cluster cluster, String namespace, Consumer<String> words) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.words = words;
    }

    /** What {@link #take} would do; empty where no KServe is. */
    public List<String> plan(String release, String releaseNamespace) throws IOException {
        var found = Found.in(cluster, namespace);
        var steps = new ArrayList<String>();
        found.controllers().forEach(d -> steps.add(sleep(d)));
        found.webhooks().forEach((kind, all) -> all.forEach(w -> steps.add(setAside(kind, w))));
        if (!found.nothing()) {
            found.kinds().forEach(k -> steps.add(adopt(k, release, releaseNamespace)));
        }
        return steps;
    }

    /** False where no KServe is. May be run again after it was cut off. */
    public boolean take(String release, String releaseNamespace) throws IOException {
        var found = Found.in(cluster, namespace);
        if (found.nothing()) {
            return false;
        }
        remember(found);
        for (var controller : found.controllers()) {
            words.accept(sleep(controller));
            patch(DEPLOYMENTS, controller, replicas(0));
        }
        for (var kind : found.webhooks().entrySet()) {
            for (var webhook : kind.getValue()) {
                words.accept(setAside(kind.getKey(), webhook));
                cluster.delete(kind.getKey(), "", name(webhook));
            }
        }
        for (var definition : found.kinds()) {
            words.accept(adopt(definition, release, releaseNamespace));
            patch(KINDS, definition, owner("Helm", release, releaseNamespace));
        }
        return true;
    }

    /** False where nothing was taken. */
    public boolean giveBack() throws IOException {
        var record = cluster.get(CONFIG_MAPS, namespace, RECORD);
        if (record.isEmpty()) {
            return false;
        }
        for (var kept : record.get().object("data").fields().entrySet()) {
            restore(kept.getKey(), read(kept.getValue()));
        }
        cluster.delete(CONFIG_MAPS, namespace, RECORD);
        return true;
    }

    private void restore(String key, Json.Obj kept) throws IOException {
        if (key.startsWith("controller.")) {
            words.accept("wake Deployment " + name(kept));
            patch(DEPLOYMENTS, kept, replicas(kept.integer("spec", "replicas").orElse(1)));
        } else if (key.startsWith("kind.")) {
            words.accept("give back CustomResourceDefinition " + name(kept));
            patch(KINDS, kept, Json.Obj.of("metadata", kept.object("metadata").without("name")));
        } else {
            words.accept("bring back " + kept.text("kind").orElse("") + " " + name(kept));
            cluster.apply(kept, "", words);
        }
    }

    /** Before anything is changed; what an earlier try has kept stays. */
    private void remember(Found found) throws IOException {
        var kept = new LinkedHashMap<String, Object>();
        cluster.get(CONFIG_MAPS, namespace, RECORD)
                .ifPresent(r -> kept.putAll(r.object("data").fields()));
        for (var controller : found.controllers()) {
            if (controller.integer("spec", "replicas").orElse(1) > 0) {
                var small =
                        Json.Obj.of(
                                "metadata",
                                Json.Obj.of("name", name(controller)),
                                "spec",
                                Json.Obj.of(
                                        "replicas",
                                        controller.integer("spec", "replicas").orElse(1)));
                kept.put("controller." + name(controller), text(small));
            }
        }
        found.webhooks()
                .forEach((kind, all) ->
                        all.forEach(w ->
                                kept.put(kind.plural() + "." + name(w), text(portable(kind, w)))));
        found.kinds().forEach(k -> kept.putIfAbsent("kind." + name(k), text(owners(k))));
        cluster.apply(
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Json.Obj.of("name", RECORD, "namespace", namespace),
                        "data",
                        Json.of(kept)),
                namespace,
                words);
    }

    /** What another server would take: nothing of this one's book-keeping. */
    private static Json.Obj portable(ResourcePath kind, Json.Obj object) {
        var metadata = object.object("metadata");
        return object.with("apiVersion", Json.of(kind.apiVersion()))
                .with("kind", Json.of(kind.kind()))
                .with(
                        "metadata",
                        Json.Obj.of(
                                "name", name(object),
                                "labels", metadata.object("labels"),
                                "annotations", metadata.object("annotations")));
    }

    /** Whose release it was; null takes a mark of ours away again. */
    private static Json.Obj owners(Json.Obj kind) {
        var meta = kind.object("metadata");
        var marks = new LinkedHashMap<String, Object>();
        for (var mark : List.of(HELM + "name", HELM + "namespace")) {
            marks.put(
                    mark,
                    meta.text("annotations", mark).<Json>map(Json::of).orElse(Json.Null.VALUE));
        }
        var label = meta.text("labels", MANAGED_BY).<Json>map(Json::of).orElse(Json.Null.VALUE);
        return Json.Obj.of(
                "metadata",
                Json.Obj.of(
                        "name", name(kind),
                        "annotations", Json.of(marks),
                        "labels", Json.Obj.of(MANAGED_BY, label)));
    }

    private static Json.Obj owner(String tool, String release, String releaseNamespace) {
        var annotations = Map.of(HELM + "name", release, HELM + "namespace", releaseNamespace);
        return Json.Obj.of(
                "metadata",
                Json.Obj.of(
                        "annotations", Json.of(annotations),
                        "labels", Json.Obj.of(MANAGED_BY, tool)));
    }

    private static Json.Obj replicas(long count) {
        return Json.Obj.of("spec", Json.Obj.of("replicas", count));
    }

    private void patch(ResourcePath kind, Json.Obj object, Json.Obj patch) throws IOException {
        cluster.mergePatch(kind, kind.namespaced() ? namespace : "", name(object), patch, words);
    }

    private String sleep(Json.Obj controller) {
        return "put Deployment %s/%s to sleep".formatted(namespace, name(controller));
    }

    private static String setAside(ResourcePath kind, Json.Obj webhook) {
        return "set " + kind.kind() + " " + name(webhook) + " aside";
    }

    private static String adopt(Json.Obj kind, String release, String releaseNamespace) {
        return "let the release %s of %s own CustomResourceDefinition %s"
                .formatted(release, releaseNamespace, name(kind));
    }

    private static String text(Json.Obj tree) {
        return new String(JsonWriter.bytes(tree), StandardCharsets.UTF_8);
    }

    private static Json.Obj read(Json kept) throws IOException {
        try {
            return JsonReader.read(kept.text().orElse("")) instanceof Json.Obj object
                    ? object
                    : Json.Obj.EMPTY;
        } catch (JsonReader.MalformedJson changed) {
            throw new IOException(
                    "ConfigMap %s was changed and cannot be read: %s"
                            .formatted(RECORD, changed.getMessage()),
                    changed);
        }
    }
}
