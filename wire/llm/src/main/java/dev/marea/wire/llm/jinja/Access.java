package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Dots, brackets and slices. What a value does not have is undefined, never an object of Java. */
final class Access {
    private Access() {}

    /** {@code value.name}: a method of the value's kind first, then its item of that name. */
    static Value attribute(Value value, String name, Rendering rendering) {
        return switch (value) {
            case Value.Undefined undefined -> throw undefined.trouble();
            case Value.Namespace namespace -> {
                var field = namespace.fields.get(name);
                yield field != null ? field : missing(value, name);
            }
            case Value.Parts parts -> parts.part(name);
            case Value.Dict(var entries, _) -> {
                var method = DictMethods.find(entries, name, rendering);
                if (method.isPresent()) {
                    yield method.get();
                }
                var item = entries.get(Value.of(name));
                yield item != null ? item : missing(value, name);
            }
            case Value.Str(var text, _) ->
                    TextMethods.find(text, name, rendering).orElseGet(() -> missing(value, name));
            case Value.Seq seq -> ListMethods.find(seq, name).orElseGet(() -> missing(value, name));
            case Value.Function(_, _, var parts) ->
                    parts.map(p -> p.part(name)).orElseGet(() -> missing(value, name));
            case Value.None _, Value.Bool _, Value.Int _, Value.Dec _ -> missing(value, name);
        };
    }

    private static Value missing(Value value, String name) {
        return new Value.Undefined(
                "'" + value.type() + " object' has no attribute '" + name + "', which");
    }

    /** {@code value[key]}: the item first, then an attribute of that name. */
    static Value item(Value value, Value key, Rendering rendering) {
        return switch (value) {
            case Value.Undefined undefined -> throw undefined.trouble();
            case Value.Dict(var entries, _) when entries.containsKey(key) -> entries.get(key);
            case Value.Seq(var items, _, _) when key instanceof Value.Int(var place) ->
                    place(items, place);
            case Value.Str(var text, _) when key instanceof Value.Int(var place) -> {
                rendering.meter().work(text.length());
                yield character(text, place);
            }
            case Value other when key instanceof Value.Str(var name, _) ->
                    attribute(other, name, rendering);
            case Value other -> new Value.Undefined(other.type() + "[" + Python.repr(key) + "]");
        };
    }

    private static Value place(List<Value> items, long place) {
        long at = place < 0 ? place + items.size() : place;
        return at >= 0 && at < items.size()
                ? items.get((int) at)
                : new Value.Undefined("list[" + place + "]");
    }

    private static Value character(String text, long place) {
        long length = text.codePointCount(0, text.length());
        long at = place < 0 ? place + length : place;
        return at >= 0 && at < length
                ? Value.of(Python.substring(text, (int) at, (int) at + 1))
                : new Value.Undefined("str[" + place + "]");
    }

    static Value slice(
            Value value,
            Optional<Value> from,
            Optional<Value> to,
            Optional<Value> step,
            Meter meter) {
        long length =
                switch (value) {
                    case Value.Undefined undefined -> throw undefined.trouble();
                    case Value.Str _, Value.Seq _ -> Python.length(value);
                    case Value other -> throw new Trouble(other.type() + " cannot be sliced");
                };
        meter.work(length);
        long by = bound(step).orElse(1L);
        if (by == 0) {
            throw new Trouble("a slice's step cannot be zero");
        }
        long start = clamp(bound(from), by > 0 ? 0 : length - 1, length, by);
        long stop = clamp(bound(to), by > 0 ? length : -1, length, by);
        if (by == 1 && value instanceof Value.Str(var text, _)) {
            return Value.of(start < stop ? Python.substring(text, (int) start, (int) stop) : "");
        }
        return picked(value, start, stop, by);
    }

    private static Value picked(Value value, long start, long stop, long by) {
        var items = Python.items(value);
        var picked = new ArrayList<Value>();
        for (long i = start; by > 0 ? i < stop : i > stop; i += by) {
            picked.add(items.get((int) i));
        }
        if (value instanceof Value.Seq(_, var tuple, _)) {
            return new Value.Seq(picked, tuple);
        }
        var text = new StringBuilder();
        picked.forEach(p -> text.append(Python.text(p)));
        return Value.of(text.toString());
    }

    private static Optional<Long> bound(Optional<Value> value) {
        return value.filter(v -> !(v instanceof Value.None)).map(Python::integer);
    }

    private static long clamp(Optional<Long> bound, long otherwise, long length, long by) {
        if (bound.isEmpty()) {
            return otherwise;
        }
        long at = bound.get() < 0 ? bound.get() + length : bound.get();
        return by > 0 ? Math.clamp(at, 0, length) : Math.clamp(at, -1, length - 1);
    }
}
