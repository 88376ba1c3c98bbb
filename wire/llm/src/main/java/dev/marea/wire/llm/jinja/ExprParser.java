package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads expressions, with Jinja's order of precedence: a method a level. */
final class ExprParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> NO_ARGUMENT =
            Set.of("else", "or", "and", "if", "is", "not", "in");

    private final TokenStream tokens;
    private final PrimaryParser primary;

    ExprParser(TokenStream tokens) {
        this.tokens = tokens;
        this.primary = new PrimaryParser(tokens, this);
    }

    /** A choice, or anything below it. */
    Expr expression() {
        tokens.enter();
        var value = or();
        while (tokens.acceptName("if")) {
            var condition = or();
            Optional<Expr> no =
                    tokens.acceptName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Expr.Choice(condition, value, no);
        }
        tokens.leave();
        return value;
    }

    /** An expression, or several with commas between, which are a tuple. */
    Expr tuple() {
        return tuple(true);
    }

    /** As {@link #tuple}; the items of a loop may not be a choice, for its `if` is the loop's. */
    Expr tuple(boolean choices) {
        var first = choices ? expression() : or();
        if (!tokens.peek().is(",")) {
            return first;
        }
        var items = new ArrayList<>(List.of(first));
        while (tokens.accept(",")) {
            if (endsTuple()) {
                break;
            }
            items.add(choices ? expression() : or());
        }
        return new Expr.ListOf(items, true);
    }

    private boolean endsTuple() {
        var token = tokens.peek();
        return token.is(")")
                || token.is("=")
                || token.kind() == Token.Kind.BLOCK_END
                || token.kind() == Token.Kind.PRINT_END;
    }

    Expr or() {
        var left = and();
        while (tokens.acceptName("or")) {
            left = new Expr.Or(left, and());
        }
        return left;
    }

    private Expr and() {
        var left = not();
        while (tokens.acceptName("and")) {
            left = new Expr.And(left, not());
        }
        return left;
    }

    private Expr not() {
        if (tokens.acceptName("not")) {
            tokens.enter();
            var negated = new Expr.Not(not());
            tokens.leave();
            return negated;
        }
        return compare();
    }

    private Expr compare() {
        var first = sum();
        var rest = new ArrayList<Map.Entry<String, Expr>>();
        while (true) {
            var token = tokens.peek();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                tokens.next();
                rest.add(Map.entry(token.text(), sum()));
            } else if (tokens.acceptName("in")) {
                rest.add(Map.entry("in", sum()));
            } else if (token.isName("not") && tokens.ahead(1).isName("in")) {
                tokens.next();
                tokens.next();
                rest.add(Map.entry("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expr.Compare(first, rest);
            }
        }
    }

    private Expr sum() {
        var left = concat();
        while (tokens.peek().is("+") || tokens.peek().is("-")) {
            left = new Expr.Binary(tokens.next().text(), left, concat());
        }
        return left;
    }

    private Expr concat() {
        var first = product();
        if (!tokens.peek().is("~")) {
            return first;
        }
        var parts = new ArrayList<>(List.of(first));
        while (tokens.accept("~")) {
            parts.add(product());
        }
        return new Expr.Concat(parts);
    }

    private Expr product() {
        var left = power();
        while (tokens.peek().is("*")
                || tokens.peek().is("/")
                || tokens.peek().is("//")
                || tokens.peek().is("%")) {
            left = new Expr.Binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expr power() {
        var left = unary(true);
        while (tokens.accept("**")) {
            left = new Expr.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expr unary(boolean filters) {
        tokens.enter();
        Expr value;
        if (tokens.accept("-")) {
            value = new Expr.Negative(unary(false));
        } else if (tokens.accept("+")) {
            value = unary(false);
        } else {
            value = primary.withPostfix();
        }
        tokens.leave();
        return filters ? filtered(value) : value;
    }

    /** Filters, tests and calls behind a value. */
    private Expr filtered(Expr input) {
        var value = input;
        while (true) {
            if (tokens.accept("|")) {
                value = new Expr.Filter(value, dotted(), primary.maybeArguments());
            } else if (tokens.acceptName("is")) {
                value = test(value);
            } else if (tokens.peek().is("(")) {
                value = new Expr.Call(value, primary.arguments());
            } else {
                return value;
            }
        }
    }

    private Expr test(Expr input) {
        boolean negated = tokens.acceptName("not");
        var name = dotted();
        if (tokens.peek().is("(")) {
            return new Expr.Test(input, name, primary.arguments(), negated);
        }
        if (!testArgumentFollows()) {
            return new Expr.Test(input, name, Expr.CallArguments.NONE, negated);
        }
        var argument = List.of(primary.withPostfix());
        var arguments =
                new Expr.CallArguments(argument, List.of(), Optional.empty(), Optional.empty());
        return new Expr.Test(input, name, arguments, negated);
    }

    private boolean testArgumentFollows() {
        var token = tokens.peek();
        return switch (token.kind()) {
            case NAME -> !NO_ARGUMENT.contains(token.text());
            case STRING, INTEGER, DECIMAL -> true;
            case OPERATOR -> token.is("[") || token.is("{");
            case DATA, BLOCK_BEGIN, BLOCK_END, PRINT_BEGIN, PRINT_END, END -> false;
        };
    }

    String dotted() {
        var name = new StringBuilder(tokens.name());
        while (tokens.accept(".")) {
            name.append('.').append(tokens.name());
        }
        return name.toString();
    }
}
