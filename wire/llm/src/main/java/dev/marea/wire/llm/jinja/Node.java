package dev.marea.wire.llm.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A piece of a template's body. */
sealed interface Node {
    record Text(String text) implements Node {}

    record Print(Expr value, int line) implements Node {}

    record If(List<Branch> branches, List<Node> otherwise, int line) implements Node {}

    record Branch(Expr condition, List<Node> body) {}

    record For(
            Target target,
            Expr items,
            Optional<Expr> condition,
            List<Node> body,
            List<Node> otherwise,
            boolean recursive,
            int line)
            implements Node {}

    record Set(Target target, Expr value, int line) implements Node {}

    record SetBlock(Target target, List<FilterCall> filters, List<Node> body, int line)
            implements Node {}

    record FilterCall(String name, Expr.CallArguments arguments) {}

    record FilterBlock(List<FilterCall> filters, List<Node> body, int line) implements Node {}

    record Macro(String name, List<Parameter> parameters, List<Node> body, int line)
            implements Node {}

    record Parameter(String name, Optional<Expr> otherwise) {}

    record CallBlock(List<Parameter> parameters, Expr.Call call, List<Node> body, int line)
            implements Node {}

    record With(List<Map.Entry<Target, Expr>> values, List<Node> body, int line) implements Node {}

    /** A part that is only marked, as transformers marks what an assistant said. */
    record Marked(List<Node> body, int line) implements Node {}

    record Do(Expr value, int line) implements Node {}

    record Break(int line) implements Node {}

    record Continue(int line) implements Node {}

    /** Where a value goes. */
    sealed interface Target {
        record Name(String name) implements Target {}

        record Field(String namespace, String field) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
