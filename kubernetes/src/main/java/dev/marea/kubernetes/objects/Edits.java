package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** What a user has changed in an object that we shipped: the fields that say something else. */
final class Edits {
    /** No null: merging would take that for nothing said. */
    private static final Json TAKEN_OUT = new Json.Str("(taken out)");

    private Edits() {}

    /** The fields of {@code live} that differ; one that was taken out has a word in its place. */
    static Json.Obj of(Json.Obj live, Json.Obj shipped) {
        var edits = new LinkedHashMap<String, Json>();
        live.fields()
                .forEach((name, value) -> {
                    var before = shipped.at(name);
                    if (before.filter(value::equals).isEmpty()) {
                        edits.put(name, edited(value, before));
                    }
                });
        for (var name : shipped.fields().keySet()) {
            if (!live.has(name)) {
                edits.put(name, TAKEN_OUT);
            }
        }
        return new Json.Obj(edits);
    }

    private static Json edited(Json value, Optional<Json> before) {
        if (value instanceof Json.Obj now && before.orElse(value) instanceof Json.Obj then) {
            return before.isEmpty() ? value : of(now, then);
        }
        if (value instanceof Json.Arr(var now)
                && before.orElse(value) instanceof Json.Arr(var then)
                && before.isPresent()
                && named(now)
                && named(then)) {
            return items(now, then);
        }
        return value;
    }

    private static boolean named(List<Json> items) {
        return items.stream().allMatch(i -> i instanceof Json.Obj && i.text("name").isPresent());
    }

    /** Lists of named items are compared item by item. */
    private static Json items(List<Json> now, List<Json> then) {
        var edited = new ArrayList<Json>();
        for (var item : now) {
            var name = item.text("name");
            var before = then.stream().filter(t -> t.text("name").equals(name)).findFirst();
            if (before.filter(item::equals).isEmpty()) {
                var changed =
                        before.map(b -> of((Json.Obj) item, (Json.Obj) b)).orElse((Json.Obj) item);
                edited.add(changed.with("name", Json.of(name.orElseThrow())));
            }
        }
        for (var item : then) {
            var name = item.text("name");
            if (now.stream().noneMatch(n -> n.text("name").equals(name))) {
                edited.add(Json.Obj.of("name", name.orElseThrow(), "is", TAKEN_OUT));
            }
        }
        return new Json.Arr(edited);
    }
}
