package dev.marea.wire.llm.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An expression as it was written. */
sealed interface Expr {
    record Constant(Value value) implements Expr {}

    record Name(String name) implements Expr {}

    record ListOf(List<Expr> items, boolean tuple) implements Expr {}

    record DictOf(List<Map.Entry<Expr, Expr>> entries) implements Expr {}

    record Attribute(Expr of, String name) implements Expr {}

    record Item(Expr of, Expr key) implements Expr {}

    record Slice(Expr of, Optional<Expr> from, Optional<Expr> to, Optional<Expr> step)
            implements Expr {}

    record Call(Expr function, CallArguments arguments) implements Expr {}

    record Filter(Expr input, String name, CallArguments arguments) implements Expr {}

    record Test(Expr input, String name, CallArguments arguments, boolean negated)
            implements Expr {}

    record Not(Expr of) implements Expr {}

    record Negative(Expr of) implements Expr {}

    record And(Expr left, Expr right) implements Expr {}

    record Or(Expr left, Expr right) implements Expr {}

    record Binary(String operator, Expr left, Expr right) implements Expr {}

    /** {@code a < b <= c}: each neighbour is compared, each operand evaluated once. */
    record Compare(Expr first, List<Map.Entry<String, Expr>> rest) implements Expr {}

    record Concat(List<Expr> parts) implements Expr {}

    record Choice(Expr condition, Expr yes, Optional<Expr> no) implements Expr {}

    record CallArguments(
            List<Expr> positional,
            List<Map.Entry<String, Expr>> named,
            Optional<Expr> more,
            Optional<Expr> moreNamed) {
        static final CallArguments NONE =
                new CallArguments(List.of(), List.of(), Optional.empty(), Optional.empty());
    }
}
