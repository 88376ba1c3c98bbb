package dev.marea.kubernetes.observe;

import dev.marea.kubernetes.observe.Node.Taint;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which nodes a pod's own words leave it: its selector, its affinity and what it tolerates. */
record Selection(Json pod) {

    boolean admits(Node node) {
        return selected(node) && byAffinity(node);
    }

    private boolean selected(Node node) {
        return pod.object("spec", "nodeSelector").fields().entrySet().stream()
                .allMatch(wanted ->
                        wanted.getValue() instanceof Json.Str(var value)
                                && value.equals(node.labels().get(wanted.getKey())));
    }

    private List<Json> terms() {
        return pod.list(
                "spec",
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms");
    }

    /** One term is enough, and all of its expressions must hold. */
    private boolean byAffinity(Node node) {
        return terms().isEmpty()
                || terms().stream()
                        .anyMatch(term ->
                                term.list("matchExpressions").stream()
                                        .allMatch(e -> holds(e, node)));
    }

    private static boolean holds(Json expression, Node node) {
        var value = Optional.ofNullable(node.labels().get(expression.text("key").orElse("")));
        var values = expression.list("values");
        var listed = value.filter(v -> values.contains(Json.of(v))).isPresent();
        return switch (expression.text("operator").orElse("")) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value.isPresent();
            case "DoesNotExist" -> value.isEmpty();
            default -> true; // comparisons of numbers: no word against it
        };
    }

    /** The first taint that keeps this pod out of a node. */
    Optional<Taint> untolerated(Node node) {
        return node.taints().stream()
                .filter(Taint::keepsOut)
                .filter(taint ->
                        pod.list("spec", "tolerations").stream()
                                .noneMatch(toleration -> tolerates(toleration, taint)))
                .findFirst();
    }

    private static boolean tolerates(Json toleration, Taint taint) {
        var key = toleration.text("key").orElse("");
        var effect = toleration.text("effect").orElse("");
        var exists = toleration.text("operator").filter("Exists"::equals).isPresent();
        return (effect.isEmpty() || effect.equals(taint.effect()))
                && (key.isEmpty() ? exists : key.equals(taint.key()))
                && (exists || toleration.text("value").orElse("").equals(taint.value()));
    }

    /** In the author's words. */
    String told() {
        var words = new TreeMap<String, String>();
        pod.object("spec", "nodeSelector")
                .fields()
                .forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        words.put(key, text);
                    }
                });
        var selector =
                words.entrySet().stream()
                        .map(w -> w.getKey() + "=" + w.getValue())
                        .collect(Collectors.joining(", "));
        if (terms().isEmpty()) {
            return "nodeSelector " + selector;
        }
        return selector.isEmpty() ? "node affinity" : "nodeSelector " + selector + " and affinity";
    }
}
