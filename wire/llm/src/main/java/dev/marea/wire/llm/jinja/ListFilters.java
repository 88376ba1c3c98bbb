package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The filters of lists and dicts as a whole. */
final class ListFilters {
    private ListFilters() {}

    static void add(Map<String, Filters.Filter> filters) {
        Filters.Filter length = (v, _, _) -> Value.of(Python.length(v));
        filters.put("length", length);
        filters.put("count", length);
        filters.put("list", (v, _, r) -> Value.list(r.items(v)));
        filters.put("first", (v, _, r) -> end(r.items(v), true));
        filters.put("last", (v, _, r) -> end(r.items(v), false));
        filters.put("join", ListFilters::join);
        filters.put("reverse", ListFilters::reversed);
        filters.put("items", (v, _, r) -> items(v, r));
        filters.put("dictsort", ListFilters::dictsort);
        filters.put("sort", ListFilters::sorted);
        filters.put("unique", ListFilters::unique);
        filters.put("sum", ListFilters::sum);
        filters.put("min", (v, a, r) -> extreme(v, a, r, false));
        filters.put("max", (v, a, r) -> extreme(v, a, r, true));
        filters.put("batch", ListFilters::batch);
        filters.put("slice", ListFilters::slices);
    }

    private static Value end(List<Value> items, boolean first) {
        if (items.isEmpty()) {
            return new Value.Undefined("an item of an empty list");
        }
        return first ? items.getFirst() : items.getLast();
    }

    private static Value join(Value value, Arguments arguments, Rendering rendering) {
        var key = arguments.find(1, "attribute");
        var items = rendering.items(value);
        var list =
                key.isEmpty()
                        ? items
                        : items.stream()
                                .map(i -> PickFilters.part(i, key.get(), rendering))
                                .toList();
        return TextMethods.join(arguments.text(0, "d", ""), Value.list(list), rendering);
    }

    private static Value reversed(Value value, Arguments arguments, Rendering rendering) {
        if (value instanceof Value.Str(var text, _)) {
            return rendering.text(new StringBuilder(text).reverse().toString());
        }
        var items = new ArrayList<>(rendering.items(value));
        Collections.reverse(items);
        return Value.list(items);
    }

    private static Value items(Value value, Rendering rendering) {
        return switch (value) {
            case Value.Undefined _ -> Value.list(List.of());
            case Value.Dict(var entries, _) -> Value.list(DictMethods.pairs(entries, rendering));
            case Value other -> throw new Trouble("items needs a dict, not " + other.type());
        };
    }

    private static Value dictsort(Value value, Arguments arguments, Rendering rendering) {
        if (!(value instanceof Value.Dict(var entries, _))) {
            throw new Trouble("dictsort needs a dict, not " + value.type());
        }
        boolean cased = arguments.flag(0, "case_sensitive", false);
        int by = arguments.text(1, "by", "key").equals("value") ? 1 : 0;
        var pairs = new ArrayList<>(DictMethods.pairs(entries, rendering));
        pairs.sort(order(cased, pair -> Python.items(pair).get(by), rendering));
        if (arguments.flag(2, "reverse", false)) {
            Collections.reverse(pairs);
        }
        return Value.list(pairs);
    }

    private static Comparator<Value> order(
            boolean cased, java.util.function.UnaryOperator<Value> key, Rendering rendering) {
        return (a, b) -> {
            rendering.meter().step();
            return Python.compare(fold(key.apply(a), cased), fold(key.apply(b), cased));
        };
    }

    private static Value fold(Value value, boolean cased) {
        return !cased && value instanceof Value.Str(var text, _)
                ? Value.of(text.toLowerCase(Locale.ROOT))
                : value;
    }

    private static Value sorted(Value value, Arguments arguments, Rendering rendering) {
        var key = arguments.find(2, "attribute").filter(k -> !(k instanceof Value.None));
        var items = new ArrayList<>(rendering.items(value));
        boolean cased = arguments.flag(1, "case_sensitive", false);
        var order =
                order(
                        cased,
                        item -> key.isEmpty() ? item : PickFilters.part(item, key.get(), rendering),
                        rendering);
        items.sort(arguments.flag(0, "reverse", false) ? order.reversed() : order);
        return Value.list(items);
    }

    private static Value unique(Value value, Arguments arguments, Rendering rendering) {
        boolean cased = arguments.flag(0, "case_sensitive", false);
        var key = arguments.find(1, "attribute").filter(k -> !(k instanceof Value.None));
        var seen = new java.util.HashSet<Value>();
        var kept = new ArrayList<Value>();
        for (var item : rendering.items(value)) {
            var part = key.isEmpty() ? item : PickFilters.part(item, key.get(), rendering);
            if (seen.add(fold(part, cased))) {
                kept.add(item);
            }
        }
        return Value.list(kept);
    }

    private static Value sum(Value value, Arguments arguments, Rendering rendering) {
        var key = arguments.find(0, "attribute").filter(k -> !(k instanceof Value.None));
        var total = arguments.at(1, "start", Value.of(0));
        for (var item : rendering.items(value)) {
            var part = key.isEmpty() ? item : PickFilters.part(item, key.get(), rendering);
            total = Operators.binary("+", total, part, rendering.meter());
        }
        return total;
    }

    private static Value extreme(
            Value value, Arguments arguments, Rendering rendering, boolean most) {
        boolean cased = arguments.flag(0, "case_sensitive", false);
        var key = arguments.find(1, "attribute").filter(k -> !(k instanceof Value.None));
        var items = rendering.items(value);
        if (items.isEmpty()) {
            return new Value.Undefined("an item of an empty list");
        }
        var order =
                order(
                        cased,
                        item -> key.isEmpty() ? item : PickFilters.part(item, key.get(), rendering),
                        rendering);
        var best = items.getFirst();
        for (var item : items) {
            int compared = order.compare(item, best);
            best = most ? compared > 0 ? item : best : compared < 0 ? item : best;
        }
        return best;
    }

    private static Value batch(Value value, Arguments arguments, Rendering rendering) {
        int size = Math.clamp(arguments.integer(0, "linecount", 1), 1, Integer.MAX_VALUE);
        var fill = arguments.find(1, "fill_with").filter(f -> !(f instanceof Value.None));
        var items = rendering.items(value);
        var batches = new ArrayList<Value>();
        for (int from = 0; from < items.size(); from += size) {
            var batch = new ArrayList<>(items.subList(from, Math.min(items.size(), from + size)));
            if (fill.isPresent()) {
                rendering.meter().items(size);
                while (batch.size() < size) {
                    batch.add(fill.get());
                }
            }
            batches.add(Value.list(batch));
        }
        return Value.list(batches);
    }

    private static Value slices(Value value, Arguments arguments, Rendering rendering) {
        int count = Math.clamp(arguments.integer(0, "slices", 1), 1, 100_000);
        var fill = arguments.find(1, "fill_with").filter(f -> !(f instanceof Value.None));
        rendering.meter().items(count);
        var items = rendering.items(value);
        int size = items.size() / count;
        int longer = items.size() % count;
        var slices = new ArrayList<Value>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + size + (i < longer ? 1 : 0);
            var slice = new ArrayList<>(items.subList(from, to));
            if (fill.isPresent() && i >= longer) {
                slice.add(fill.get());
            }
            slices.add(Value.list(slice));
            from = to;
        }
        return Value.list(slices);
    }
}
