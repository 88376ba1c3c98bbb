package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;

/** Macros and call blocks: bodies that are run when they are called. */
final class Macros {
    private final Rendering rendering;
    private final Evaluator evaluator;
    private final BiFunction<List<Node>, Scope, Value> run;

    Macros(Rendering rendering, Evaluator evaluator, BiFunction<List<Node>, Scope, Value> run) {
        this.rendering = rendering;
        this.evaluator = evaluator;
        this.run = run;
    }

    Value define(Node.Macro macro, Scope around) {
        return function(macro.name(), macro.parameters(), macro.body(), around);
    }

    Value call(Node.CallBlock block, Scope scope) {
        var caller = function("caller", block.parameters(), block.body(), scope);
        var arguments = evaluator.arguments(block.call().arguments(), scope);
        var named = new LinkedHashMap<>(arguments.named());
        named.put("caller", caller);
        return evaluator.call(
                evaluator.value(block.call().function(), scope),
                new Arguments(arguments.positional(), named));
    }

    private Value function(
            String name, List<Node.Parameter> parameters, List<Node> body, Scope around) {
        return new Value.Function(
                name,
                arguments -> {
                    rendering.meter().step();
                    var scope = new Scope(around);
                    bind(name, parameters, arguments, scope);
                    return run.apply(body, scope);
                });
    }

    private void bind(
            String macro, List<Node.Parameter> parameters, Arguments arguments, Scope scope) {
        var rest = new LinkedHashMap<>(arguments.named());
        for (int i = 0; i < parameters.size(); i++) {
            var parameter = parameters.get(i);
            var named = rest.remove(parameter.name());
            Value value;
            if (i < arguments.positional().size()) {
                value = arguments.positional().get(i);
            } else if (named != null) {
                value = named;
            } else {
                value =
                        parameter
                                .otherwise()
                                .map(otherwise -> evaluator.value(otherwise, scope))
                                .orElse(
                                        new Value.Undefined(
                                                "parameter '"
                                                        + parameter.name()
                                                        + "' of "
                                                        + macro));
            }
            scope.set(parameter.name(), value);
        }
        var caller = rest.remove("caller");
        if (caller != null) {
            scope.set("caller", caller);
        }
        var more = new ArrayList<Value>();
        for (int i = parameters.size(); i < arguments.positional().size(); i++) {
            more.add(arguments.positional().get(i));
        }
        scope.set("varargs", Value.tuple(more));
        var kwargs = new LinkedHashMap<Value, Value>();
        rest.forEach((name, value) -> kwargs.put(Value.of(name), value));
        scope.set("kwargs", new Value.Dict(kwargs));
    }
}
