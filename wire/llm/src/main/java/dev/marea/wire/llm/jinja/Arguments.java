package dev.marea.wire.llm.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arguments of a call, by place and by name. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Value... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    int size() {
        return positional.size() + named.size();
    }

    Optional<Value> find(int place, String name) {
        var byName = Optional.ofNullable(named.get(name));
        if (byName.isPresent()) {
            return byName;
        }
        return place < positional.size() ? Optional.of(positional.get(place)) : Optional.empty();
    }

    Value at(int place, String name) {
        return find(place, name)
                .orElseThrow(() -> new Trouble("argument '" + name + "' is missing"));
    }

    Value at(int place, String name, Value otherwise) {
        return find(place, name).orElse(otherwise);
    }

    String text(int place, String name) {
        return Python.text(at(place, name));
    }

    String text(int place, String name, String otherwise) {
        return find(place, name).map(Python::text).orElse(otherwise);
    }

    long integer(int place, String name, long otherwise) {
        return find(place, name).map(Python::integer).orElse(otherwise);
    }

    boolean flag(int place, String name, boolean otherwise) {
        return find(place, name).map(Python::truth).orElse(otherwise);
    }

    Arguments from(int place) {
        int start = Math.min(place, positional.size());
        return new Arguments(positional.subList(start, positional.size()), named);
    }
}
