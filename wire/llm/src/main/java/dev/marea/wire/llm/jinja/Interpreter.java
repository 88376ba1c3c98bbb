package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;

/** Runs a template's body: a method a statement. */
final class Interpreter {
    /** How a body ended. */
    private enum Flow {
        GOES_ON,
        BREAK,
        CONTINUE
    }

    private final Rendering rendering;
    private final Evaluator evaluator;
    private final Macros macros;
    private int line = 1;

    Interpreter(Rendering rendering) {
        this.rendering = rendering;
        this.evaluator = new Evaluator(rendering);
        this.macros = new Macros(rendering, evaluator, this::captured);
    }

    /** The line on which the last statement stood: where a failure happened. */
    int line() {
        return line;
    }

    String render(List<Node> body, Scope scope) {
        var output = new Output(rendering.meter());
        run(body, scope, output);
        return output.text();
    }

    private Value captured(List<Node> body, Scope scope) {
        return Value.of(render(body, scope));
    }

    private Flow run(List<Node> body, Scope scope, Output output) {
        for (var node : body) {
            rendering.meter().step();
            var flow = run(node, scope, output);
            if (flow != Flow.GOES_ON) {
                return flow;
            }
        }
        return Flow.GOES_ON;
    }

    private Flow run(Node node, Scope scope, Output output) {
        switch (node) {
            case Node.Text(var text) -> output.write(text);
            case Node.Print(var value, var at) -> {
                line = at;
                output.write(Python.text(evaluator.value(value, scope)));
            }
            case Node.If choice -> {
                return choose(choice, scope, output);
            }
            case Node.For loop -> {
                line = loop.line();
                loop(loop, evaluator.value(loop.items(), scope), scope, output, 0);
            }
            case Node.Set(var target, var value, var at) -> {
                line = at;
                assign(target, evaluator.value(value, scope), scope);
            }
            case Node.SetBlock(var target, var filters, var body, var at) -> {
                line = at;
                assign(target, filtered(body, filters, scope), scope);
            }
            case Node.FilterBlock(var filters, var body, var at) -> {
                line = at;
                output.write(Python.text(filtered(body, filters, scope)));
            }
            case Node.Macro macro -> scope.set(macro.name(), macros.define(macro, scope));
            case Node.CallBlock call -> {
                line = call.line();
                output.write(Python.text(macros.call(call, scope)));
            }
            case Node.With with -> {
                return with(with, scope, output);
            }
            case Node.Marked(var body, var at) -> {
                line = at;
                return run(body, new Scope(scope), output);
            }
            case Node.Do(var value, var at) -> {
                line = at;
                evaluator.value(value, scope);
            }
            case Node.Break _ -> {
                return Flow.BREAK;
            }
            case Node.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.GOES_ON;
    }

    private Flow choose(Node.If choice, Scope scope, Output output) {
        for (var branch : choice.branches()) {
            line = choice.line();
            if (Python.truth(evaluator.value(branch.condition(), scope))) {
                return run(branch.body(), scope, output);
            }
        }
        return run(choice.otherwise(), scope, output);
    }

    private Flow with(Node.With with, Scope scope, Output output) {
        line = with.line();
        var inner = new Scope(scope);
        for (var entry : with.values()) {
            assign(entry.getKey(), evaluator.value(entry.getValue(), scope), inner);
        }
        return run(with.body(), inner, output);
    }

    private void loop(Node.For loop, Value over, Scope scope, Output output, int depth) {
        var items = wanted(loop, rendering.items(over), scope);
        if (items.isEmpty()) {
            run(loop.otherwise(), new Scope(scope), output);
            return;
        }
        var state = new Loop(items, depth);
        var value = loop.recursive() ? recursive(loop, state, scope) : state;
        for (int i = 0; i < items.size(); i++) {
            rendering.meter().step();
            state.at(i);
            var inner = new Scope(scope);
            inner.set("loop", value);
            assign(loop.target(), items.get(i), inner);
            if (run(loop.body(), inner, output) == Flow.BREAK) {
                return;
            }
        }
    }

    private List<Value> wanted(Node.For loop, List<Value> items, Scope scope) {
        if (loop.condition().isEmpty()) {
            return items;
        }
        var wanted = new ArrayList<Value>();
        for (var item : items) {
            var inner = new Scope(scope);
            assign(loop.target(), item, inner);
            if (Python.truth(evaluator.value(loop.condition().get(), inner))) {
                wanted.add(item);
            }
        }
        return wanted;
    }

    /** In a recursive loop, {@code loop(children)} runs the same body over the children. */
    private Value recursive(Node.For loop, Loop state, Scope scope) {
        return new Value.Function(
                "loop",
                arguments -> {
                    var output = new Output(rendering.meter());
                    var over = arguments.at(0, "iterable");
                    loop(loop, over, scope, output, state.depth() + 1);
                    return Value.of(output.text());
                },
                state);
    }

    private Value filtered(List<Node> body, List<Node.FilterCall> filters, Scope scope) {
        var value = captured(body, new Scope(scope));
        for (var filter : filters) {
            var arguments = evaluator.arguments(filter.arguments(), scope);
            value = rendering.filter(filter.name(), value, arguments);
        }
        return value;
    }

    private void assign(Node.Target target, Value value, Scope scope) {
        switch (target) {
            case Node.Target.Name(var name) -> scope.set(name, value);
            case Node.Target.Field(var name, var field) -> {
                if (!(scope.find(name) instanceof Value.Namespace namespace)) {
                    throw new Trouble("only a namespace's fields can be set, not " + name + "'s");
                }
                namespace.fields.put(field, value);
            }
            case Node.Target.Several(var targets) -> {
                var values = rendering.items(value);
                if (values.size() != targets.size()) {
                    throw new Trouble(
                            "%d values for %d names".formatted(values.size(), targets.size()));
                }
                for (int i = 0; i < targets.size(); i++) {
                    assign(targets.get(i), values.get(i), scope);
                }
            }
        }
    }
}
