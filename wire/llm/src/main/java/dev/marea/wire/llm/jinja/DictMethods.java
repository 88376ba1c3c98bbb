package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The methods of a dict that change nothing. */
final class DictMethods {
    private DictMethods() {}

    static Optional<Value> find(Map<Value, Value> entries, String name, Rendering rendering) {
        return switch (name) {
            case "items" -> method(name, _ -> Value.list(pairs(entries, rendering)));
            case "keys" -> method(name, _ -> Value.list(List.copyOf(entries.keySet())));
            case "values" -> method(name, _ -> Value.list(List.copyOf(entries.values())));
            case "copy" -> method(name, _ -> new Value.Dict(entries));
            case "get" ->
                    method(
                            name,
                            a -> {
                                var value = entries.get(a.at(0, "key"));
                                return value != null ? value : a.at(1, "default", Values.NONE);
                            });
            case "update", "pop", "popitem", "clear", "setdefault" ->
                    method(name, ListMethods.UNSAFE);
            default -> Optional.empty();
        };
    }

    static List<Value> pairs(Map<Value, Value> entries, Rendering rendering) {
        rendering.meter().work(entries.size() * 8L);
        var pairs = new ArrayList<Value>(entries.size());
        entries.forEach((key, value) -> pairs.add(Value.pair(key, value)));
        return pairs;
    }

    private static Optional<Value> method(String name, Value.Function.Body body) {
        return Optional.of(new Value.Function(name, body));
    }
}
