package dev.marea.local.patch;

import dev.marea.local.objects.Refusal;
import dev.marea.local.schema.Kind;
import dev.marea.local.schema.Schema;
import dev.marea.local.schema.Schema.ListMerge;
import dev.marea.wire.json.Json;
import java.util.HashSet;
import java.util.List;

/** What a configuration must fulfil before it can be merged: items that can be told apart. */
final class AppliedConfig {
    private final String what;

    private AppliedConfig(String what) {
        this.what = what;
    }

    static void check(Kind kind, Json.Obj config) throws Refusal {
        if (config.at("metadata", "managedFields").isPresent()) {
            throw Refusals.badRequest("metadata.managedFields must be nil");
        }
        var namespace = config.text("metadata", "namespace").map(n -> n + "/").orElse("");
        var what =
                "failed to create typed patch object (%s%s; %s, Kind=%s): "
                        .formatted(
                                namespace,
                                config.text("metadata", "name").orElse(""),
                                kind.resource().apiVersion(),
                                kind.resource().kind());
        new AppliedConfig(what).walk(kind.schema(), config, List.of());
    }

    private void walk(Schema schema, Json value, List<Step> path) throws Refusal {
        switch (Shape.of(schema, value)) {
            case Shape.Leaf _ -> {}
            case Shape.Fields shape -> {
                if (value instanceof Json.Obj(var fields)) {
                    for (var field : fields.entrySet()) {
                        var at = TypedFields.append(path, new Step.Field(field.getKey()));
                        walk(shape.field(field.getKey()), field.getValue(), at);
                    }
                }
            }
            case Shape.Keyed shape -> {
                if (value instanceof Json.Arr(var items)) {
                    items(shape, items, path);
                }
            }
        }
    }

    private void items(Shape.Keyed shape, List<Json> items, List<Step> path) throws Refusal {
        var seen = new HashSet<Step>();
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var step = TypedFields.step(shape, item);
            if (step.isEmpty()) {
                throw refused(path, "element %d: %s".formatted(i, omitted(shape, item)));
            }
            if (!seen.add(step.get())) {
                throw refused(path, "duplicate entries for key " + step.get().printed());
            }
            walk(shape.element(), item, TypedFields.append(path, step.get()));
        }
    }

    private static String omitted(Shape.Keyed shape, Json item) {
        var keys = shape.merge() instanceof ListMerge.ByKeys(var names) ? names : List.<String>of();
        var missing = keys.stream().filter(key -> item.at(key).isEmpty()).findFirst().orElse("");
        return "associative list with keys has an element that omits key field \"%s\" (and doesn't have default value)"
                .formatted(missing);
    }

    private Refusal refused(List<Step> path, String why) {
        return Refusals.badRequest(what + Conflicts.printed(path) + ": " + why);
    }
}
