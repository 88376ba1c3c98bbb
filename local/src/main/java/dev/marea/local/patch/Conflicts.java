package dev.marea.local.patch;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The fields that an applier wants to change and others own. */
record Conflicts(SortedMap<Owner.Id, FieldSet> byOwner) {
    static Conflicts of(Owners owners, Owner.Id applier, FieldSet changed) {
        var conflicts = new TreeMap<Owner.Id, FieldSet>();
        for (var owner : owners.all()) {
            var common = owner.fields().common(changed);
            if (!owner.id().equals(applier) && !common.isEmpty()) {
                conflicts.put(owner.id(), common);
            }
        }
        return new Conflicts(conflicts);
    }

    boolean none() {
        return byOwner.isEmpty();
    }

    Conflicts except(FieldSet allowed) {
        var rest = new TreeMap<Owner.Id, FieldSet>();
        byOwner.forEach((owner, fields) -> {
            var left = fields.without(allowed);
            if (!left.isEmpty()) {
                rest.put(owner, left);
            }
        });
        return new Conflicts(rest);
    }

    Refusal refusal() {
        var causes =
                byOwner.entrySet().stream()
                        .flatMap(entry ->
                                entry.getValue().paths().stream()
                                        .map(path -> cause(entry.getKey(), path)))
                        .toList();
        return new Refusal(409, "Conflict", message(), Json.Obj.of("causes", causes));
    }

    private static Json cause(Owner.Id owner, List<Step> path) {
        return Json.Obj.of(
                "reason",
                "FieldManagerConflict",
                "message",
                "conflict with " + owner.printed(),
                "field",
                printed(path));
    }

    private String message() {
        int count = byOwner.values().stream().mapToInt(set -> set.paths().size()).sum();
        if (count == 1) {
            return "Apply failed with 1 conflict: conflict with %s: %s"
                    .formatted(
                            byOwner.firstKey().printed(),
                            printed(byOwner.values().iterator().next().paths().getFirst()));
        }
        return "Apply failed with %d conflicts: ".formatted(count)
                + byOwner.entrySet().stream()
                        .map(entry -> ofOne(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining("\n"));
    }

    private static String ofOne(Owner.Id owner, FieldSet fields) {
        return fields.paths().stream()
                .map(path -> "\n- " + printed(path))
                .collect(Collectors.joining("", "conflicts with " + owner.printed() + ":", ""));
    }

    static String printed(List<Step> path) {
        return path.stream().map(Step::printed).collect(Collectors.joining());
    }
}
