package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns expressions into values. */
final class Evaluator {
    private final Rendering rendering;

    Evaluator(Rendering rendering) {
        this.rendering = rendering;
    }

    Value value(Expr expression, Scope scope) {
        rendering.meter().step();
        return switch (expression) {
            case Expr.Constant(var value) -> value;
            case Expr.Name(var name) -> scope.find(name);
            case Expr.ListOf(var items, var tuple) -> new Value.Seq(values(items, scope), tuple);
            case Expr.DictOf(var entries) -> dict(entries, scope);
            case Expr.Attribute(var of, var name) ->
                    Access.attribute(value(of, scope), name, rendering);
            case Expr.Item(var of, var key) -> item(value(of, scope), value(key, scope));
            case Expr.Slice slice -> slice(slice, scope);
            case Expr.Call(var function, var arguments) ->
                    call(value(function, scope), arguments(arguments, scope));
            case Expr.Filter(var input, var name, var arguments) ->
                    rendering.filter(name, value(input, scope), arguments(arguments, scope));
            case Expr.Test(var input, var name, var arguments, var negated) ->
                    Value.of(
                            negated
                                    != rendering.test(
                                            name,
                                            value(input, scope),
                                            arguments(arguments, scope)));
            case Expr.Not(var of) -> Value.of(!Python.truth(value(of, scope)));
            case Expr.Negative(var of) -> Operators.negative(value(of, scope));
            case Expr.And(var left, var right) -> {
                var first = value(left, scope);
                yield Python.truth(first) ? value(right, scope) : first;
            }
            case Expr.Or(var left, var right) -> {
                var first = value(left, scope);
                yield Python.truth(first) ? first : value(right, scope);
            }
            case Expr.Binary(var operator, var left, var right) ->
                    Operators.binary(
                            operator, value(left, scope), value(right, scope), rendering.meter());
            case Expr.Compare(var first, var rest) -> compare(first, rest, scope);
            case Expr.Concat(var parts) -> concat(parts, scope);
            case Expr.Choice choice -> choice(choice, scope);
        };
    }

    private List<Value> values(List<Expr> expressions, Scope scope) {
        var values = new ArrayList<Value>(expressions.size());
        for (var one : expressions) {
            values.add(value(one, scope));
        }
        return values;
    }

    private Value dict(List<Map.Entry<Expr, Expr>> entries, Scope scope) {
        var values = new LinkedHashMap<Value, Value>();
        for (var entry : entries) {
            values.put(value(entry.getKey(), scope), value(entry.getValue(), scope));
        }
        return new Value.Dict(values);
    }

    private Value item(Value of, Value key) {
        rendering.meter().work(Weight.of(key));
        return Access.item(of, key, rendering);
    }

    private Value slice(Expr.Slice slice, Scope scope) {
        var from = slice.from().map(e -> value(e, scope));
        var to = slice.to().map(e -> value(e, scope));
        var step = slice.step().map(e -> value(e, scope));
        return Access.slice(value(slice.of(), scope), from, to, step, rendering.meter());
    }

    private Value compare(Expr first, List<Map.Entry<String, Expr>> rest, Scope scope) {
        var left = value(first, scope);
        for (var next : rest) {
            var right = value(next.getValue(), scope);
            if (!Operators.compare(next.getKey(), left, right, rendering.meter())) {
                return Values.FALSE;
            }
            left = right;
        }
        return Values.TRUE;
    }

    /** Never markup: Jinja joins by {@code ~} without escaping unless it escapes everything. */
    private Value concat(List<Expr> parts, Scope scope) {
        var text = new StringBuilder();
        for (var part : parts) {
            text.append(Python.text(value(part, scope)));
            rendering.meter().text(text.length());
        }
        return Value.of(text.toString());
    }

    private Value choice(Expr.Choice choice, Scope scope) {
        if (Python.truth(value(choice.condition(), scope))) {
            return value(choice.yes(), scope);
        }
        return choice.no()
                .map(no -> value(no, scope))
                .orElse(new Value.Undefined("the inline if-expression without an else"));
    }

    Value call(Value function, Arguments arguments) {
        return switch (function) {
            case Value.Function(_, var body, _) -> {
                rendering.meter().enter();
                var result = body.call(arguments);
                rendering.meter().leave();
                yield result;
            }
            case Value.Undefined undefined -> throw undefined.trouble();
            case Value other -> throw new Trouble(other.type() + " cannot be called");
        };
    }

    Arguments arguments(Expr.CallArguments written, Scope scope) {
        var positional = values(written.positional(), scope);
        var named = new LinkedHashMap<String, Value>();
        for (var entry : written.named()) {
            named.put(entry.getKey(), value(entry.getValue(), scope));
        }
        written.more().ifPresent(more -> positional.addAll(Python.items(value(more, scope))));
        written.moreNamed().ifPresent(more -> spread(value(more, scope), named));
        return new Arguments(positional, named);
    }

    private static void spread(Value more, Map<String, Value> named) {
        if (!(more instanceof Value.Dict(var entries, _))) {
            throw new Trouble("** needs a dict, not " + more.type());
        }
        entries.forEach((name, value) -> named.put(Python.text(name), value));
    }
}
