package dev.marea.wire.llm.jinja;

import java.util.Optional;

/** The methods of a list that change nothing. */
final class ListMethods {
    /** As the sandbox does under which templates are written for transformers. */
    static final Value.Function.Body UNSAFE =
            _ -> {
                throw new Trouble("a template may not change a list or a dict");
            };

    private ListMethods() {}

    static Optional<Value> find(Value.Seq list, String name) {
        return switch (name) {
            case "copy" -> method(name, _ -> list);
            case "count" ->
                    method(
                            name,
                            a ->
                                    Value.of(
                                            list.items().stream()
                                                    .filter(i -> Python.equal(i, a.at(0, "value")))
                                                    .count()));
            case "index" -> method(name, a -> Value.of(index(list, a.at(0, "value"))));
            case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" ->
                    method(name, UNSAFE);
            default -> Optional.empty();
        };
    }

    private static int index(Value.Seq list, Value value) {
        for (int i = 0; i < list.items().size(); i++) {
            if (Python.equal(list.items().get(i), value)) {
                return i;
            }
        }
        throw new Trouble(Python.repr(value) + " is not in the list");
    }

    private static Optional<Value> method(String name, Value.Function.Body body) {
        return Optional.of(new Value.Function(name, body));
    }
}
