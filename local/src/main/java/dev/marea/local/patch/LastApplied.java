package dev.marea.local.patch;

import dev.marea.local.schema.Kind;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import java.util.List;
import java.util.TreeMap;

/**
 * kubectl's note of what it applied on the client's side. It lets a first server-side apply by
 * kubectl take over its own fields, and is kept true afterwards for those who go back.
 */
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final List<String> PATH = List.of("metadata", "annotations", ANNOTATION);
    private static final int LENGTH_MAX = 250_000;

    private LastApplied() {}

    /** The fields that kubectl applied on the client's side and nobody changed since. */
    static FieldSet unchanged(Kind kind, Json.Obj live) {
        try {
            var note = live.text(PATH.toArray(String[]::new)).orElse("");
            if (!note.isEmpty()
                    && JsonReader.read(note) instanceof Json.Obj applied
                    && applied.text("apiVersion")
                            .filter(kind.resource().apiVersion()::equals)
                            .isPresent()) {
                return TypedFields.of(kind.schema(), applied)
                        .without(Comparison.of(kind.schema(), applied, live).different());
            }
        } catch (JsonReader.MalformedJson _) {
            // Written by someone else: then it proves nothing.
        }
        return new FieldSet();
    }

    /** The object whose note, if it has one, says what was just applied. */
    static Json.Obj carriedOver(Json.Obj object, Json.Obj config, String manager) {
        if (!manager.equals("kubectl") || object.text(PATH.toArray(String[]::new)).isEmpty()) {
            return object;
        }
        var note = JsonWriter.text(sorted(config.withoutAt(PATH))) + "\n";
        return object.withAt(PATH, Json.of(note.length() > LENGTH_MAX ? "" : note));
    }

    private static Json sorted(Json value) {
        return switch (value) {
            case Json.Obj(var fields) -> {
                var byName = new TreeMap<String, Json>();
                fields.forEach((name, field) -> byName.put(name, sorted(field)));
                yield new Json.Obj(byName);
            }
            case Json.Arr(var items) ->
                    new Json.Arr(items.stream().map(LastApplied::sorted).toList());
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> value;
        };
    }
}
