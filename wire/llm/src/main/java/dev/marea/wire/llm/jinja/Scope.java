package dev.marea.wire.llm.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and their values; what is not here may stand in a scope around. */
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Value> values = new HashMap<>();

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    Value find(String name) {
        for (var scope = this; scope != null; scope = scope.around) {
            var value = scope.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Value.Undefined("'" + name + "'");
    }

    void set(String name, Value value) {
        values.put(name, value);
    }
}
