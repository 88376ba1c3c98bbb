package dev.marea.local.schema;

import dev.marea.wire.json.Json;

/** Judges labels by a selector as it stands in a spec. */
public final class LabelSelector {
    private LabelSelector() {}

    /** An empty selector matches everything. */
    public static boolean matches(Json selector, Json.Obj labels) {
        return selector.object("matchLabels").fields().entrySet().stream()
                        .allMatch(e -> e.getValue().equals(labels.fields().get(e.getKey())))
                && selector.list("matchExpressions").stream().allMatch(rule -> holds(rule, labels));
    }

    private static boolean holds(Json rule, Json.Obj labels) {
        var value = labels.at(rule.text("key").orElse(""));
        boolean listed = value.filter(rule.list("values")::contains).isPresent();
        return switch (rule.text("operator").orElse("")) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value.isPresent();
            case "DoesNotExist" -> value.isEmpty();
            default -> false;
        };
    }
}
