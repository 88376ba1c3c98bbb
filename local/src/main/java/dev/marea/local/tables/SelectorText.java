package dev.marea.local.tables;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.stream.Collectors;

/** A {@code spec.selector} in the form that {@code -l} takes. */
public final class SelectorText {
    private SelectorText() {}

    /**
     * @param selector labels and expressions, or text that is returned as it is
     */
    public static String of(Json selector) {
        if (selector instanceof Json.Str(var plain)) {
            return plain;
        }
        var parts = new ArrayList<String>();
        var exact = exact(selector.object("matchLabels"));
        if (!exact.isEmpty()) {
            parts.add(exact);
        }
        selector.list("matchExpressions").forEach(set -> parts.add(requirement(set)));
        return String.join(",", parts);
    }

    static String exact(Json.Obj labels) {
        return labels.fields().entrySet().stream()
                .map(e -> e.getKey() + "=" + (e.getValue() instanceof Json.Str(var v) ? v : ""))
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static String requirement(Json set) {
        var key = set.text("key").orElse("");
        var values =
                set.list("values").stream()
                        .flatMap(v -> v.text().stream())
                        .collect(Collectors.joining(",", "(", ")"));
        return switch (set.text("operator").orElse("")) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }
}
