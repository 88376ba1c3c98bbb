package dev.marea.local.objects;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Map;

/**
 * A label selector as it stands in a spec; an empty one selects nothing, since an owner of
 * everything is a mistake.
 */
public record Selector(Map<String, String> equal, List<Term> terms) {
    /** One of matchExpressions. */
    public record Term(String key, String operator, List<String> values) {
        boolean matches(Map<String, String> labels) {
            var value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                default -> false;
            };
        }
    }

    public Selector {
        equal = Map.copyOf(equal);
        terms = List.copyOf(terms);
    }

    public static Selector of(Json.Obj selector) {
        return new Selector(
                Meta.strings(selector.object("matchLabels")),
                selector.list("matchExpressions").stream().map(Selector::term).toList());
    }

    private static Term term(Json term) {
        return new Term(
                term.text("key").orElse(""),
                term.text("operator").orElse(""),
                term.list("values").stream().flatMap(v -> v.text().stream()).toList());
    }

    public boolean isEmpty() {
        return equal.isEmpty() && terms.isEmpty();
    }

    public boolean matches(Map<String, String> labels) {
        return !isEmpty()
                && equal.entrySet().stream()
                        .allMatch(e -> e.getValue().equals(labels.get(e.getKey())))
                && terms.stream().allMatch(term -> term.matches(labels));
    }
}
