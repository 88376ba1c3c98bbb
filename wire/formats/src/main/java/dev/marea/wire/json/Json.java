package dev.marea.wire.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * An immutable JSON value. Objects keep the order of their fields; equality ignores it, as JSON
 * does.
 */
public sealed interface Json {
    record Obj(SequencedMap<String, Json> fields) implements Json {
        public static final Obj EMPTY = new Obj(new LinkedHashMap<>());

        public Obj {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }

        /** Alternating names and values, for literals: {@code Obj.of("name", Json.of("iris"))}. */
        public static Obj of(Object... namesAndValues) {
            var fields = new LinkedHashMap<String, Json>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                fields.put((String) namesAndValues[i], Json.of(namesAndValues[i + 1]));
            }
            return new Obj(fields);
        }

        public boolean isEmpty() {
            return fields.isEmpty();
        }

        public boolean has(String name) {
            return fields.containsKey(name);
        }

        public Obj with(String name, Json value) {
            var next = new LinkedHashMap<>(fields);
            next.put(name, value);
            return new Obj(next);
        }

        public Obj without(String name) {
            if (!fields.containsKey(name)) {
                return this;
            }
            var next = new LinkedHashMap<>(fields);
            next.remove(name);
            return new Obj(next);
        }

        /** Sets a value at a path of field names, making the objects on the way. */
        public Obj withAt(List<String> path, Json value) {
            if (path.size() == 1) {
                return with(path.getFirst(), value);
            }
            var child = fields.get(path.getFirst()) instanceof Obj o ? o : EMPTY;
            return with(path.getFirst(), child.withAt(path.subList(1, path.size()), value));
        }

        public Obj withoutAt(List<String> path) {
            if (path.size() == 1) {
                return without(path.getFirst());
            }
            return fields.get(path.getFirst()) instanceof Obj o
                    ? with(path.getFirst(), o.withoutAt(path.subList(1, path.size())))
                    : this;
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    record Arr(List<Json> items) implements Json {
        public static final Arr EMPTY = new Arr(List.of());

        public Arr {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    record Str(String value) implements Json {
        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /** A number without fraction or exponent that fits 64 bits. */
    record Int(long value) implements Json {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** Every other number. NaN and infinities cannot come from JSON text. */
    record Dec(double value) implements Json {
        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    record Bool(boolean value) implements Json {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    record Null() implements Json {
        public static final Null VALUE = new Null();

        @Override
        public String toString() {
            return "null";
        }
    }

    /**
     * Wraps plain Java values: strings, numbers, booleans, collections, string-keyed maps, null.
     */
    static Json of(@org.jspecify.annotations.Nullable Object value) {
        return switch (value) {
            case null -> Null.VALUE;
            case Json json -> json;
            case String s -> new Str(s);
            case Boolean b -> new Bool(b);
            case Integer i -> new Int(i);
            case Long l -> new Int(l);
            case Number n -> new Dec(n.doubleValue());
            case Map<?, ?> map -> {
                var fields = new LinkedHashMap<String, Json>();
                map.forEach((k, v) -> fields.put((String) k, of(v)));
                yield new Obj(fields);
            }
            case Collection<?> items -> {
                var list = new ArrayList<Json>(items.size());
                items.forEach(item -> list.add(of(item)));
                yield new Arr(list);
            }
            default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
        };
    }

    /** The value at a path of field names; empty where a step is missing or is no object. */
    default Optional<Json> at(String... path) {
        Json here = this;
        for (var name : path) {
            var next = here instanceof Obj(var fields) ? fields.get(name) : null;
            if (next == null) {
                return Optional.empty();
            }
            here = next;
        }
        return Optional.of(here);
    }

    default Optional<String> text(String... path) {
        return at(path).flatMap(v -> v instanceof Str(var s) ? Optional.of(s) : Optional.empty());
    }

    default OptionalLong integer(String... path) {
        return at(path).orElse(Null.VALUE) instanceof Int(var n)
                ? OptionalLong.of(n)
                : OptionalLong.empty();
    }

    default boolean flag(String... path) {
        return at(path).orElse(Null.VALUE) instanceof Bool(var b) && b;
    }

    /** The object at a path, or an empty one. */
    default Obj object(String... path) {
        return at(path).orElse(Null.VALUE) instanceof Obj o ? o : Obj.EMPTY;
    }

    /** The items of the list at a path, or none. */
    default List<Json> list(String... path) {
        return at(path).orElse(Null.VALUE) instanceof Arr(var items) ? items : List.of();
    }
}
