package dev.marea.wire.llm.jinja;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a template can hold: data, and functions of ours. Nothing leads from here into Java. */
sealed interface Value {
    record Undefined(String what) implements Value {
        Trouble trouble() {
            return new Trouble(what + " is undefined");
        }
    }

    record None() implements Value {}

    record Bool(boolean value) implements Value {}

    record Int(long value) implements Value {}

    record Dec(double value) implements Value {}

    /** Text; markup is text that a template called safe, beside which other text is escaped. */
    record Str(String value, boolean markup) implements Value {
        Str(String value) {
            this(value, false);
        }

        @Override
        public boolean equals(@org.jspecify.annotations.Nullable Object other) {
            return other instanceof Str(var text, _) && text.equals(value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    /** A list, or a tuple, which only prints differently. */
    record Seq(List<Value> items, boolean tuple, long weight) implements Value {
        Seq(List<Value> items, boolean tuple) {
            this(Collections.unmodifiableList(items), tuple, Weight.of(items));
        }
    }

    record Dict(Map<Value, Value> entries, long weight) implements Value {
        Dict(Map<Value, Value> entries) {
            this(
                    Collections.unmodifiableMap(entries),
                    Weight.of(entries.keySet()) + Weight.of(entries.values()));
        }
    }

    /** The one thing that a template may change. */
    final class Namespace implements Value {
        final Map<String, Value> fields = new LinkedHashMap<>();
    }

    /** Something with a few named parts of its own: a loop, a cycler. */
    non-sealed interface Parts extends Value {
        Value part(String name);
    }

    /** A function of ours, or a template's own; the loop of a recursive one has parts as well. */
    record Function(String name, Body body, Optional<Parts> parts) implements Value {
        Function(String name, Body body) {
            this(name, body, Optional.empty());
        }

        Function(String name, Body body, Parts parts) {
            this(name, body, Optional.of(parts));
        }

        interface Body {
            Value call(Arguments arguments);
        }
    }

    static Value of(boolean flag) {
        return new Bool(flag);
    }

    static Value of(String text) {
        return new Str(text);
    }

    static Value of(long number) {
        return new Int(number);
    }

    static Seq list(List<Value> items) {
        return new Seq(items, false);
    }

    static Seq tuple(List<Value> items) {
        return new Seq(items, true);
    }

    static Seq pair(Value left, Value right) {
        return tuple(List.of(left, right));
    }

    static Value of(Json json) {
        return switch (json) {
            case Json.Null() -> new None();
            case Json.Bool(var flag) -> of(flag);
            case Json.Int(var number) -> new Int(number);
            case Json.Dec(var number) -> new Dec(number);
            case Json.Str(var text) -> new Str(text);
            case Json.Arr(var items) -> {
                var list = new ArrayList<Value>(items.size());
                items.forEach(item -> list.add(of(item)));
                yield list(list);
            }
            case Json.Obj(var fields) -> {
                var entries = new LinkedHashMap<Value, Value>();
                fields.forEach((name, value) -> entries.put(new Str(name), of(value)));
                yield new Dict(entries);
            }
        };
    }

    /** What Python calls the value's type, for messages. */
    default String type() {
        return switch (this) {
            case Undefined _ -> "undefined";
            case None() -> "none";
            case Bool _ -> "bool";
            case Int _ -> "int";
            case Dec _ -> "float";
            case Str _ -> "str";
            case Seq(_, var tuple, _) -> tuple ? "tuple" : "list";
            case Dict _ -> "dict";
            case Namespace _ -> "namespace";
            case Parts _, Function _ -> "function";
        };
    }
}
