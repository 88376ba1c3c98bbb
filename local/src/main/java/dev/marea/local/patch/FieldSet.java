package dev.marea.local.patch;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A set of field paths, kept as a tree: a path may be in the set itself, have deeper paths below
 * it, or both.
 */
final class FieldSet {
    private static final int DEPTH_MAX = 100;

    private final NavigableSet<Step> members = new TreeSet<>();
    private final NavigableMap<Step, FieldSet> below = new TreeMap<>();

    static FieldSet of(List<List<Step>> paths) {
        var set = new FieldSet();
        paths.forEach(set::add);
        return set;
    }

    /** Only for building; a set that was handed out is not changed. */
    void add(List<Step> path) {
        var here = this;
        for (var step : path.subList(0, path.size() - 1)) {
            here = here.below.computeIfAbsent(step, _ -> new FieldSet());
        }
        here.members.add(path.getLast());
    }

    boolean isEmpty() {
        return members.isEmpty() && below.values().stream().allMatch(FieldSet::isEmpty);
    }

    boolean has(Step step) {
        return members.contains(step);
    }

    /** The paths below a step. */
    FieldSet under(Step step) {
        return below.getOrDefault(step, new FieldSet());
    }

    FieldSet union(FieldSet other) {
        var union = new FieldSet();
        union.members.addAll(members);
        union.members.addAll(other.members);
        union.below.putAll(below);
        other.below.forEach((step, set) -> union.below.merge(step, set, FieldSet::union));
        return union;
    }

    FieldSet without(FieldSet other) {
        var rest = new FieldSet();
        rest.members.addAll(members);
        rest.members.removeAll(other.members);
        below.forEach((step, set) -> rest.put(step, set.without(other.under(step))));
        return rest;
    }

    FieldSet common(FieldSet other) {
        var common = new FieldSet();
        common.members.addAll(members);
        common.members.retainAll(other.members);
        below.forEach((step, set) -> common.put(step, set.common(other.under(step))));
        return common;
    }

    /** Leaves out these fields of the root and everything below them. */
    FieldSet withoutTrees(Predicate<Step> roots) {
        var rest = new FieldSet();
        members.stream().filter(roots.negate()).forEach(rest.members::add);
        below.forEach((step, set) -> {
            if (!roots.test(step)) {
                rest.below.put(step, set);
            }
        });
        return rest;
    }

    /**
     * The same set in which every step on the way to a path that {@code named} accepts is a path.
     */
    FieldSet withNamed(TypedFields.Named named) {
        var full = new FieldSet();
        full.members.addAll(members);
        below.forEach((step, set) -> {
            if (step instanceof Step.Field(var name) && named.has(name)) {
                full.members.add(step);
            }
            full.put(step, set.withNamed(named.under(step)));
        });
        return full;
    }

    private void put(Step step, FieldSet set) {
        if (!set.isEmpty()) {
            below.put(step, set);
        }
    }

    /** Every path, members before what is below them, in order. */
    List<List<Step>> paths() {
        var all = new ArrayList<List<Step>>();
        collect(List.of(), all);
        return all;
    }

    private void collect(List<Step> prefix, List<List<Step>> all) {
        var steps = new TreeSet<>(members);
        steps.addAll(below.keySet());
        for (var step : steps) {
            var path = new ArrayList<>(prefix);
            path.add(step);
            if (members.contains(step)) {
                all.add(path);
            }
            under(step).collect(path, all);
        }
    }

    /** As FieldsV1 writes it. */
    Json.Obj encoded() {
        var fields = new LinkedHashMap<String, Json>();
        var steps = new TreeSet<>(members);
        steps.addAll(below.keySet());
        for (var step : steps) {
            var inner = under(step).encoded();
            if (members.contains(step) && !inner.isEmpty()) {
                var both = new LinkedHashMap<String, Json>();
                both.put(".", Json.Obj.EMPTY);
                both.putAll(inner.fields());
                inner = new Json.Obj(both);
            }
            if (members.contains(step) || !inner.isEmpty()) {
                fields.put(step.encoded(), inner);
            }
        }
        return new Json.Obj(fields);
    }

    /** Empty if it is no FieldsV1. */
    static Optional<FieldSet> decoded(Json fieldsV1) {
        return decoded(fieldsV1, 0);
    }

    private static Optional<FieldSet> decoded(Json fieldsV1, int depth) {
        if (!(fieldsV1 instanceof Json.Obj(var fields)) || depth > DEPTH_MAX) {
            return Optional.empty();
        }
        var set = new FieldSet();
        for (var field : fields.entrySet()) {
            if (field.getKey().equals(".")) {
                continue;
            }
            var step = Step.decoded(field.getKey());
            var inner = decoded(field.getValue(), depth + 1);
            if (step.isEmpty() || inner.isEmpty()) {
                return Optional.empty();
            }
            if (inner.get().isEmpty() || field.getValue().at(".").isPresent()) {
                set.members.add(step.get());
            }
            set.put(step.get(), inner.get());
        }
        return Optional.of(set);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && encoded().equals(set.encoded());
    }

    @Override
    public int hashCode() {
        return encoded().hashCode();
    }

    @Override
    public String toString() {
        return encoded().toString();
    }
}
