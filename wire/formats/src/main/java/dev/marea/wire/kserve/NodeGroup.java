package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Map;

/**
 * A LocalModelNodeGroup: nodes that keep models.
 *
 * @param bytesMax that all models together may take on one node
 * @param terms of which a node must meet one; none: every node is in the group
 */
public record NodeGroup(String name, long bytesMax, List<Json.Obj> terms) {
    public NodeGroup {
        terms = List.copyOf(terms);
    }

    public static NodeGroup read(Json.Obj object) throws InvalidManifest {
        var problems = new Problems(Crds.nodeGroup());
        Crds.nodeGroup().check(object, "", problems);
        problems.refuseIfAny();
        var spec = object.object("spec");
        var limit = ModelCache.size(spec, "storageLimit");
        if (limit.isEmpty() || limit.getAsLong() <= 0) {
            problems.invalid("spec.storageLimit", "must be an amount such as 100Gi");
        }
        problems.refuseIfAny();
        return new NodeGroup(
                object.text("metadata", "name").orElse(""),
                limit.orElse(0),
                spec
                        .list(
                                "persistentVolumeSpec",
                                "nodeAffinity",
                                "required",
                                "nodeSelectorTerms")
                        .stream()
                        .map(Json.Obj.class::cast)
                        .toList());
    }

    public boolean has(Map<String, String> nodeLabels) {
        return terms.isEmpty() || terms.stream().anyMatch(term -> meets(term, nodeLabels));
    }

    private static boolean meets(Json.Obj term, Map<String, String> labels) {
        return term.list("matchExpressions").stream().allMatch(e -> holds(e, labels));
    }

    private static boolean holds(Json expression, Map<String, String> labels) {
        var value = labels.get(expression.text("key").orElse(""));
        var listed = value != null && expression.list("values").contains(Json.of(value));
        return switch (expression.text("operator").orElse("")) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
