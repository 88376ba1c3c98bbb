package dev.marea.local.controllers;

import dev.marea.local.objects.Meta;
import dev.marea.wire.json.Json;
import java.util.List;

/** What a Deployment's decisions need to know of one of its ReplicaSets. */
record ReplicaSetView(Json.Obj object) {
    static final String HASH = "pod-template-hash";
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";

    Meta meta() {
        return new Meta(object);
    }

    String name() {
        return meta().name();
    }

    int replicas() {
        return (int) object.integer("spec", "replicas").orElse(1);
    }

    int there() {
        return status("replicas");
    }

    int ready() {
        return status("readyReplicas");
    }

    int available() {
        return status("availableReplicas");
    }

    private int status(String field) {
        return (int) object.integer("status", field).orElse(0);
    }

    long revision() {
        return number(meta().annotations().getOrDefault(REVISION, "0"));
    }

    int annotated(String name, int otherwise) {
        var text = meta().annotations().get(name);
        return text == null ? otherwise : (int) number(text);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** Its template as the Deployment wrote it: without the label that we have added. */
    Json.Obj template() {
        return object.object("spec", "template").withoutAt(List.of("metadata", "labels", HASH));
    }
}
