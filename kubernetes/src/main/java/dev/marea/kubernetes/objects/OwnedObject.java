package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all objects of a service have in common: labels, an owner, the digest of what we applied.
 */
final class OwnedObject {
    private OwnedObject() {}

    static Json.Obj of(
            Subject subject,
            String apiVersion,
            String kind,
            String name,
            Map<String, String> annotations,
            Json.Obj rest) {
        return of(subject, apiVersion, kind, name, labels(subject), annotations, rest);
    }

    static Json.Obj of(
            Subject subject,
            String apiVersion,
            String kind,
            String name,
            Map<String, String> labels,
            Map<String, String> annotations,
            Json.Obj rest) {
        var fields = new LinkedHashMap<String, Json>();
        fields.put("apiVersion", Json.of(apiVersion));
        fields.put("kind", Json.of(kind));
        fields.put(
                "metadata",
                Json.Obj.of(
                        "name",
                        name,
                        "namespace",
                        subject.namespace(),
                        "labels",
                        labels,
                        "annotations",
                        annotations,
                        "ownerReferences",
                        subject.owner()));
        fields.putAll(rest.fields());
        var tree = new Json.Obj(fields);
        return tree.withAt(
                List.of("metadata", "annotations", Names.APPLIED), Json.of(Rendered.digest(tree)));
    }

    static Map<String, String> labels(Subject subject) {
        var labels = new LinkedHashMap<String, String>();
        labels.put(Names.APP_LABEL, Names.app(subject.name()));
        labels.put(Names.MANAGED_BY_LABEL, "marea");
        labels.put(Names.COMPONENT_LABEL, "predictor");
        labels.put(Names.SERVICE_LABEL, subject.name());
        return labels;
    }
}
