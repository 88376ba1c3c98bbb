package dev.marea.local.patch;

import dev.marea.local.schema.Schema;
import dev.marea.wire.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Joins an applied configuration into a live object, and takes fields out of one. */
final class TypedMerge {
    private TypedMerge() {}

    /** The configuration wins wherever it says something. */
    static Json.Obj merge(Schema schema, Json.Obj live, Json.Obj config) {
        return fields(new Shape.Fields(schema), live, config);
    }

    private static Json merged(Schema schema, @Nullable Json live, @Nullable Json config) {
        return switch (Shape.of(schema, live, config)) {
            case Shape.Leaf _ -> winner(live, config);
            case Shape.Fields shape -> fields(shape, live, config);
            case Shape.Keyed shape -> items(shape, live, config);
        };
    }

    private static Json winner(@Nullable Json live, @Nullable Json config) {
        if (config != null) {
            return config;
        }
        return live == null ? Json.Null.VALUE : live;
    }

    private static Json.Obj fields(Shape.Fields shape, @Nullable Json live, @Nullable Json config) {
        var merged = new LinkedHashMap<String, Json>();
        if (live instanceof Json.Obj(var fields)) {
            merged.putAll(fields);
        }
        var claimed = config instanceof Json.Obj(var fields) ? fields : Map.<String, Json>of();
        claimed.forEach((name, value) ->
                merged.put(name, merged(shape.field(name), merged.get(name), value)));
        return new Json.Obj(merged);
    }

    private static Json.Arr items(Shape.Keyed shape, @Nullable Json live, @Nullable Json config) {
        return new Interleaving(shape, listOf(live), listOf(config)).merged();
    }

    private static List<Json> listOf(@Nullable Json value) {
        return value instanceof Json.Arr(var items) ? items : List.of();
    }

    /**
     * Two lists become one in which the configuration's items stand in its order, and items that
     * only the live list has stay near where they were.
     */
    private static final class Interleaving {
        private final Shape.Keyed shape;
        private final List<Entry> live;
        private final List<Entry> config;
        private final Map<Step, Json> liveByStep;
        private final Set<Step> configSteps;
        private final ArrayDeque<Step> shared;
        private final Set<Step> done = new HashSet<>();
        private final List<Json> out = new ArrayList<>();

        private record Entry(Optional<Step> step, Json value) {}

        Interleaving(Shape.Keyed shape, List<Json> live, List<Json> config) {
            this.shape = shape;
            this.live = entries(shape, live);
            this.config = entries(shape, config);
            this.liveByStep = onlyOnes(this.live);
            this.configSteps =
                    this.config.stream().flatMap(e -> e.step.stream()).collect(Collectors.toSet());
            var liveSteps =
                    this.live.stream().flatMap(e -> e.step.stream()).collect(Collectors.toSet());
            this.shared =
                    this.config.stream()
                            .flatMap(e -> e.step.stream())
                            .filter(liveSteps::contains)
                            .collect(Collectors.toCollection(ArrayDeque::new));
        }

        private static List<Entry> entries(Shape.Keyed shape, List<Json> items) {
            return items.stream()
                    .map(item -> new Entry(TypedFields.step(shape, item), item))
                    .toList();
        }

        /** Of a duplicated item nothing can be merged: the configuration's replaces them. */
        private static Map<Step, Json> onlyOnes(List<Entry> entries) {
            var seen = new HashSet<Step>();
            var only = new LinkedHashMap<Step, Json>();
            for (var entry : entries) {
                if (entry.step.isPresent()) {
                    var step = entry.step.get();
                    if (seen.add(step)) {
                        only.put(step, entry.value);
                    } else {
                        only.remove(step);
                    }
                }
            }
            return only;
        }

        Json.Arr merged() {
            int l = 0;
            int c = 0;
            while (l < live.size() || c < config.size()) {
                if (l < live.size()) {
                    var step = live.get(l).step;
                    if (step.isEmpty() || !configSteps.contains(step.get())) {
                        out.add(live.get(l++).value);
                        continue;
                    }
                    if (c < config.size() && step.equals(config.get(c).step)) {
                        l++;
                    } else if (c < config.size() && waitsForItsTurn(step.get())) {
                        l++;
                        continue;
                    } else if (done.contains(step.get())) {
                        l++;
                    }
                }
                if (c < config.size()) {
                    takeConfig(config.get(c++));
                }
            }
            return new Json.Arr(out);
        }

        /** The configuration moved this item behind another that both lists have. */
        private boolean waitsForItsTurn(Step step) {
            return !shared.isEmpty() && !shared.peekFirst().equals(step);
        }

        private void takeConfig(Entry entry) {
            var step = entry.step;
            out.add(
                    TypedMerge.merged(
                            shape.element(), step.map(liveByStep::get).orElse(null), entry.value));
            if (step.isPresent()) {
                done.add(step.get());
                if (step.get().equals(shared.peekFirst())) {
                    shared.removeFirst();
                }
            }
        }
    }

    /** The object without these fields; what becomes empty by it is null, as Kubernetes has it. */
    static Json.Obj without(Schema schema, Json.Obj object, FieldSet fields) {
        return cut(schema, object, fields) instanceof Json.Obj rest ? rest : Json.Obj.EMPTY;
    }

    private static Json cut(Schema schema, Json value, FieldSet gone) {
        return switch (Shape.of(schema, value)) {
            case Shape.Leaf _ ->
                    value instanceof Json.Obj || value instanceof Json.Arr
                            ? Json.Null.VALUE
                            : value;
            case Shape.Fields shape -> cutFields(shape, value, gone);
            case Shape.Keyed shape -> cutItems(shape, value, gone);
        };
    }

    private static Json cutFields(Shape.Fields shape, Json value, FieldSet gone) {
        var rest = new LinkedHashMap<String, Json>();
        if (value instanceof Json.Obj(var fields)) {
            fields.forEach((name, field) -> {
                var step = new Step.Field(name);
                if (!gone.has(step)) {
                    rest.put(name, kept(shape.field(name), field, gone.under(step)));
                }
            });
        }
        return rest.isEmpty() ? Json.Null.VALUE : new Json.Obj(rest);
    }

    private static Json cutItems(Shape.Keyed shape, Json value, FieldSet gone) {
        var rest = new ArrayList<Json>();
        for (var item : listOf(value)) {
            var step = TypedFields.step(shape, item);
            if (step.isEmpty()) {
                rest.add(item);
            } else if (!gone.has(step.get())) {
                rest.add(kept(shape.element(), item, gone.under(step.get())));
            }
        }
        return rest.isEmpty() ? Json.Null.VALUE : new Json.Arr(rest);
    }

    private static Json kept(Schema schema, Json value, FieldSet gone) {
        return gone.isEmpty() ? value : cut(schema, value, gone);
    }
}
