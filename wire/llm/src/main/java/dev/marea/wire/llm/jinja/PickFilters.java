package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The filters that look into each item: map, select, selectattr and their opposites, groupby. */
final class PickFilters {
    private PickFilters() {}

    static void add(Map<String, Filters.Filter> filters) {
        filters.put("map", PickFilters::map);
        filters.put("select", (v, a, r) -> picked(v, a, r, false, true));
        filters.put("reject", (v, a, r) -> picked(v, a, r, false, false));
        filters.put("selectattr", (v, a, r) -> picked(v, a, r, true, true));
        filters.put("rejectattr", (v, a, r) -> picked(v, a, r, true, false));
        filters.put("groupby", PickFilters::grouped);
    }

    /** A part of an item, by a name with dots or by a number. */
    static Value part(Value item, Value key, Rendering rendering) {
        if (!(key instanceof Value.Str(var path, _))) {
            return Access.item(item, key, rendering);
        }
        var value = item;
        for (var step : path.split("\\.", -1)) {
            boolean number =
                    !step.isEmpty()
                            && step.length() < 10
                            && step.chars().allMatch(Character::isDigit);
            value =
                    value instanceof Value.Undefined
                            ? value
                            : Access.item(
                                    value,
                                    number ? Value.of(Long.parseLong(step)) : Value.of(step),
                                    rendering);
        }
        return value;
    }

    private static Value map(Value value, Arguments arguments, Rendering rendering) {
        var key = arguments.named().get("attribute");
        var otherwise = arguments.named().get("default");
        var mapped = new ArrayList<Value>();
        for (var item : some(value, rendering)) {
            if (key == null) {
                mapped.add(rendering.filter(arguments.text(0, "filter"), item, arguments.from(1)));
                continue;
            }
            var part = part(item, key, rendering);
            mapped.add(part instanceof Value.Undefined && otherwise != null ? otherwise : part);
        }
        return Value.list(mapped);
    }

    private static Value picked(
            Value value, Arguments arguments, Rendering rendering, boolean byPart, boolean wanted) {
        int place = byPart ? 1 : 0;
        var test = arguments.find(place, "").map(Python::text);
        var picked = new ArrayList<Value>();
        for (var item : some(value, rendering)) {
            var looked = byPart ? part(item, arguments.at(0, "attribute"), rendering) : item;
            boolean holds =
                    test.isEmpty()
                            ? Python.truth(looked)
                            : rendering.test(test.get(), looked, arguments.from(place + 1));
            if (holds == wanted) {
                picked.add(item);
            }
        }
        return Value.list(picked);
    }

    /** What is nothing has no items, whatever its kind: so does Jinja. */
    private static List<Value> some(Value value, Rendering rendering) {
        return Python.truth(value) ? rendering.items(value) : List.of();
    }

    private static Value grouped(Value value, Arguments arguments, Rendering rendering) {
        var key = arguments.at(0, "attribute");
        var items = new ArrayList<>(rendering.items(value));
        items.sort((a, b) -> Python.compare(part(a, key, rendering), part(b, key, rendering)));
        var groups = new LinkedHashMap<Value, List<Value>>();
        for (var item : items) {
            groups.computeIfAbsent(part(item, key, rendering), _ -> new ArrayList<>()).add(item);
        }
        var pairs = new ArrayList<Value>();
        groups.forEach((name, members) -> pairs.add(Value.pair(name, Value.list(members))));
        return Value.list(pairs);
    }
}
