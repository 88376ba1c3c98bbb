package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The functions that every template has. */
final class Globals {
    /** Jinja's own sandbox stops there too. */
    private static final int RANGE_MAX = 100_000;

    private final Rendering rendering;

    Globals(Rendering rendering) {
        this.rendering = rendering;
    }

    void define(Scope scope) {
        define(scope, "range", this::range);
        define(scope, "dict", Globals::dict);
        define(scope, "namespace", Globals::namespace);
        define(scope, "cycler", arguments -> new Cycler(arguments.positional()));
        define(scope, "joiner", arguments -> joiner(arguments.text(0, "sep", ", ")));
        define(scope, "raise_exception", Globals::raise);
        define(
                scope,
                "strftime_now",
                arguments ->
                        rendering.text(
                                Strftime.format(arguments.text(0, "format"), rendering.now())));
    }

    private static void define(Scope scope, String name, Value.Function.Body body) {
        scope.set(name, new Value.Function(name, body));
    }

    private Value range(Arguments arguments) {
        boolean one = arguments.positional().size() == 1;
        long from = one ? 0 : Python.integer(arguments.at(0, "start"));
        long to = Python.integer(arguments.at(one ? 0 : 1, "stop"));
        long step = arguments.integer(2, "step", 1);
        if (step == 0) {
            throw new Trouble("a range's step cannot be zero");
        }
        double count = Math.ceil(((double) to - from) / step);
        if (count > RANGE_MAX) {
            throw new Trouble(
                    TemplateError.Kind.OVER_BUDGET,
                    "a range has more than " + RANGE_MAX + " numbers");
        }
        var numbers = new ArrayList<Value>();
        for (int i = 0; i < count; i++) {
            rendering.meter().step();
            numbers.add(Value.of(from + i * step));
        }
        return Value.list(numbers);
    }

    private static Value dict(Arguments arguments) {
        var entries = new LinkedHashMap<Value, Value>();
        arguments.find(0, "").ifPresent(first -> entries.putAll(entries(first)));
        arguments.named().forEach((name, value) -> entries.put(Value.of(name), value));
        return new Value.Dict(entries);
    }

    private static java.util.Map<Value, Value> entries(Value value) {
        if (value instanceof Value.Dict(var entries, _)) {
            return entries;
        }
        var entries = new LinkedHashMap<Value, Value>();
        for (var pair : Python.items(value)) {
            var parts = Python.items(pair);
            if (parts.size() != 2) {
                throw new Trouble("a dict is made of pairs");
            }
            entries.put(parts.getFirst(), parts.getLast());
        }
        return entries;
    }

    private static Value namespace(Arguments arguments) {
        var namespace = new Value.Namespace();
        if (dict(arguments) instanceof Value.Dict(var entries, _)) {
            entries.forEach((name, value) -> namespace.fields.put(Python.text(name), value));
        }
        return namespace;
    }

    private static Value joiner(String between) {
        boolean[] used = {false};
        return new Value.Function(
                "joiner",
                _ -> {
                    var text = used[0] ? between : "";
                    used[0] = true;
                    return Value.of(text);
                });
    }

    private static Value raise(Arguments arguments) {
        throw new Trouble(TemplateError.Kind.RAISED, arguments.text(0, "message", ""));
    }

    /** Goes around in its items. */
    private static final class Cycler implements Value.Parts {
        private final List<Value> items;
        private int at;

        Cycler(List<Value> items) {
            if (items.isEmpty()) {
                throw new Trouble("no items for cycling given");
            }
            this.items = items;
        }

        @Override
        public Value part(String name) {
            return switch (name) {
                case "current" -> items.get(at);
                case "next" ->
                        new Value.Function(
                                name,
                                _ -> {
                                    var item = items.get(at);
                                    at = (at + 1) % items.size();
                                    return item;
                                });
                case "reset" ->
                        new Value.Function(
                                name,
                                _ -> {
                                    at = 0;
                                    return Values.NONE;
                                });
                default -> new Value.Undefined("cycler." + name);
            };
        }
    }
}
