package dev.marea.local.patch;

import dev.marea.local.objects.Refusal;
import dev.marea.local.schema.Kind;
import dev.marea.local.schema.Schema;
import dev.marea.local.schema.Schema.Strategy;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Strategic merge patch of a built-in kind: lists merge by the key that the kind's schema names,
 * and directives ({@code $patch}, {@code $retainKeys}, {@code $setElementOrder/x}, {@code
 * $deleteFromPrimitiveList/x}) delete, replace and order.
 */
public final class StrategicPatch {
    private static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String SET_ORDER = "$setElementOrder/";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

    private StrategicPatch() {}

    /** Refused with 415 for custom kinds, as Kubernetes does. */
    public static Json.Obj apply(Kind kind, Json.Obj target, Json.Obj patch) throws Refusal {
        if (!kind.builtIn()) {
            throw new Refusal(
                    415,
                    "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types"
                            + " include: application/json-patch+json,"
                            + " application/merge-patch+json, application/apply-patch+yaml",
                    Json.Obj.EMPTY);
        }
        return map(target, patch, kind.schema());
    }

    private static Json.Obj map(Json.Obj target, Json.Obj patch, Schema schema) throws Refusal {
        if (patch.has(PATCH)) {
            return whole(patch);
        }
        var merged = new LinkedHashMap<>(retained(target, patch).fields());
        for (var change : patch.fields().entrySet()) {
            var name = change.getKey();
            if (name.startsWith(DELETE_FROM)) {
                deleteFrom(merged, name.substring(DELETE_FROM.length()), change.getValue());
            } else if (!name.startsWith("$")) {
                field(merged, name, change.getValue(), schema.field(name).orElse(Schema.Free.ANY));
            }
        }
        for (var change : patch.fields().entrySet()) {
            if (change.getKey().startsWith(SET_ORDER)) {
                var name = change.getKey().substring(SET_ORDER.length());
                var shape = schema.field(name).orElse(Schema.Free.ANY);
                order(merged, target, name, change.getValue(), shape);
            }
        }
        return new Json.Obj(merged);
    }

    /** {@code $patch: replace} takes the patch as it is, {@code $patch: delete} leaves nothing. */
    private static Json.Obj whole(Json.Obj patch) throws Refusal {
        return switch (patch.text(PATCH).orElse("")) {
            case "replace" -> patch.without(PATCH);
            case "delete" -> Json.Obj.EMPTY;
            default ->
                    throw Refusals.badRequest(
                            "unknown patch type: "
                                    + patch.fields().get(PATCH)
                                    + " in map: "
                                    + patch);
        };
    }

    private static Json.Obj retained(Json.Obj target, Json.Obj patch) throws Refusal {
        if (!patch.has(RETAIN_KEYS)) {
            return target;
        }
        if (!(patch.fields().get(RETAIN_KEYS) instanceof Json.Arr(var keys))) {
            throw Refusals.badRequest("$retainKeys must be a list of field names");
        }
        for (var name : patch.fields().keySet()) {
            if (!name.startsWith("$") && !keys.contains(Json.of(name))) {
                throw Refusals.unprocessable(
                        "the patch sets \"" + name + "\", which its $retainKeys does not keep");
            }
        }
        var kept = new LinkedHashMap<>(target.fields());
        kept.keySet().removeIf(name -> !keys.contains(Json.of(name)));
        return new Json.Obj(kept);
    }

    private static void deleteFrom(Map<String, Json> merged, String name, Json gone)
            throws Refusal {
        if (!(gone instanceof Json.Arr(var values))) {
            throw Refusals.badRequest(DELETE_FROM + name + " must be a list of values");
        }
        if (merged.get(name) instanceof Json.Arr(var items)) {
            var rest = new ArrayList<>(items);
            rest.removeAll(values);
            merged.put(name, new Json.Arr(rest));
        }
    }

    private static void field(Map<String, Json> merged, String name, Json change, Schema schema)
            throws Refusal {
        var old = merged.get(name);
        if (change instanceof Json.Null) {
            merged.remove(name);
        } else if (old instanceof Json.Obj target && change instanceof Json.Obj patch) {
            merged.put(name, map(target, patch, schema));
        } else if (old instanceof Json.Arr(var target)
                && change instanceof Json.Arr(var patch)
                && schema instanceof Schema.Items items
                && items.facts().strategy().merge()) {
            merged.put(name, new Json.Arr(list(target, patch, items)));
        } else {
            merged.put(name, plain(change));
        }
    }

    private static List<Json> list(List<Json> target, List<Json> patch, Schema.Items schema)
            throws Refusal {
        var key = schema.facts().strategy().mergeKey();
        var merged = key.isEmpty() ? union(target, patch) : byKey(target, patch, key, schema);
        return new ElementOrder(key, patch, target).of(merged);
    }

    private static List<Json> union(List<Json> target, List<Json> patch) {
        var all = new LinkedHashSet<>(target);
        all.addAll(patch);
        return List.copyOf(all);
    }

    private static List<Json> byKey(
            List<Json> target, List<Json> patch, String key, Schema.Items schema) throws Refusal {
        boolean replaces = patch.stream().anyMatch(i -> i.text(PATCH).orElse("").equals("replace"));
        var merged = replaces ? new ArrayList<Json>() : new ArrayList<>(target);
        // First what goes, wherever it stands in the patch; then what changes or comes.
        for (var item : patch) {
            if (item.at(PATCH).isPresent() && !item.text(PATCH).orElse("").equals("replace")) {
                delete(merged, item, key);
            }
        }
        for (var item : patch) {
            if (item.at(PATCH).isEmpty()) {
                put(merged, item, key, schema);
            }
        }
        return merged;
    }

    private static void delete(List<Json> merged, Json item, String key) throws Refusal {
        if (!item.text(PATCH).orElse("").equals("delete")) {
            throw Refusals.badRequest(
                    "unknown patch type: "
                            + item.at(PATCH).orElse(Json.Null.VALUE)
                            + " in map: "
                            + item);
        }
        var value = keyOf(item, key);
        merged.removeIf(old -> old.at(key).filter(value::equals).isPresent());
    }

    private static void put(List<Json> merged, Json item, String key, Schema.Items schema)
            throws Refusal {
        var value = keyOf(item, key);
        for (int i = 0; i < merged.size(); i++) {
            if (merged.get(i) instanceof Json.Obj old
                    && item instanceof Json.Obj patch
                    && value.equals(old.fields().get(key))) {
                merged.set(i, map(old, patch, schema.element()));
                return;
            }
        }
        merged.add(plain(item));
    }

    private static Json keyOf(Json item, String key) throws Refusal {
        var value = item.at(key);
        if (value.isEmpty()) {
            throw Refusals.badRequest(
                    "map: " + item + " does not contain declared merge key: " + key);
        }
        return value.get();
    }

    private static void order(
            Map<String, Json> merged, Json.Obj target, String name, Json wanted, Schema schema)
            throws Refusal {
        if (!(wanted instanceof Json.Arr(var order))) {
            throw Refusals.badRequest(SET_ORDER + name + " must be a list");
        }
        if (merged.get(name) instanceof Json.Arr(var items)) {
            Strategy strategy = schema.facts().strategy();
            var sorted = new ElementOrder(strategy.mergeKey(), order, target.list(name)).of(items);
            merged.put(name, new Json.Arr(sorted));
        }
    }

    /** A value that the target lacks, without directives and marks of removal. */
    private static Json plain(Json value) {
        return switch (value) {
            case Json.Obj(var fields) -> {
                var kept = new LinkedHashMap<String, Json>();
                fields.forEach((name, field) -> {
                    if (!name.startsWith("$") && !(field instanceof Json.Null)) {
                        kept.put(name, plain(field));
                    }
                });
                yield new Json.Obj(kept);
            }
            case Json.Arr(var items) ->
                    new Json.Arr(
                            items.stream()
                                    .filter(i -> i.at(PATCH).isEmpty())
                                    .map(StrategicPatch::plain)
                                    .toList());
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> value;
        };
    }
}
