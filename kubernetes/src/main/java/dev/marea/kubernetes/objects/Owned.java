package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What every object has that stands beside a service's Deployments. */
record Owned(Subject subject) {

    /**
     * An object called {@code {service}-predictor}, owned by the service and stamped with a digest
     * of what we ask for.
     *
     * @param body a field and its value: spec, or data
     */
    Json.Obj tree(String apiVersion, String kind, String field, Json.Obj body) {
        return stamped(
                Json.Obj.of(
                        "apiVersion",
                        apiVersion,
                        "kind",
                        kind,
                        "metadata",
                        Json.Obj.of(
                                "name",
                                Names.predictor(subject.name()),
                                "namespace",
                                subject.namespace(),
                                "labels",
                                labels(),
                                "ownerReferences",
                                subject.owner()),
                        field,
                        body));
    }

    /** All pods of the service, whatever their revision. */
    Json.Obj selector() {
        return Json.Obj.of("matchLabels", Map.of(Names.APP_LABEL, Names.app(subject.name())));
    }

    private Map<String, String> labels() {
        var labels = new LinkedHashMap<String, String>();
        labels.put(Names.MANAGED_BY_LABEL, "marea");
        labels.put(Names.SERVICE_LABEL, subject.name());
        return labels;
    }

    /** The digest tells a later run what was applied, fields that have gone since included. */
    static Json.Obj stamped(Json.Obj tree) {
        return tree.withAt(
                List.of("metadata", "annotations", Names.APPLIED), Json.of(Rendered.digest(tree)));
    }
}
