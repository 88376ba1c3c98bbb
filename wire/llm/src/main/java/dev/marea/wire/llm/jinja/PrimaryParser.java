package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the smallest expressions, and what stands directly behind them: dots, brackets, calls. */
final class PrimaryParser {
    private final TokenStream tokens;
    private final ExprParser expressions;

    PrimaryParser(TokenStream tokens, ExprParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expr withPostfix() {
        var value = primary();
        while (true) {
            if (tokens.accept(".")) {
                value = dot(value);
            } else if (tokens.accept("[")) {
                value = subscript(value);
            } else if (tokens.peek().is("(")) {
                value = new Expr.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expr dot(Expr value) {
        if (tokens.peek().kind() == Token.Kind.INTEGER) {
            return new Expr.Item(value, integer(tokens.next()));
        }
        return new Expr.Attribute(value, tokens.name());
    }

    private Expr subscript(Expr value) {
        if (tokens.peek().is(":")) {
            return slice(value, Optional.empty());
        }
        var key = expressions.tuple();
        if (tokens.peek().is(":")) {
            return slice(value, Optional.of(key));
        }
        tokens.expect("]");
        return new Expr.Item(value, key);
    }

    private Expr slice(Expr value, Optional<Expr> from) {
        tokens.expect(":");
        var to = bound();
        var step = tokens.accept(":") ? bound() : Optional.<Expr>empty();
        tokens.expect("]");
        return new Expr.Slice(value, from, to, step);
    }

    private Optional<Expr> bound() {
        boolean none = tokens.peek().is(":") || tokens.peek().is("]");
        return none ? Optional.empty() : Optional.of(expressions.expression());
    }

    private Expr primary() {
        var token = tokens.peek();
        return switch (token.kind()) {
            case NAME -> name(tokens.next().text());
            case STRING -> strings();
            case INTEGER -> integer(tokens.next());
            case DECIMAL ->
                    new Expr.Constant(new Value.Dec(Double.parseDouble(tokens.next().text())));
            case OPERATOR -> bracketed(token);
            case DATA, BLOCK_BEGIN, BLOCK_END, PRINT_BEGIN, PRINT_END, END ->
                    throw tokens.wrong("an expression");
        };
    }

    private static Expr name(String name) {
        return switch (name) {
            case "true", "True" -> new Expr.Constant(Values.TRUE);
            case "false", "False" -> new Expr.Constant(Values.FALSE);
            case "none", "None" -> new Expr.Constant(Values.NONE);
            default -> new Expr.Name(name);
        };
    }

    private Expr strings() {
        var text = new StringBuilder();
        while (tokens.peek().kind() == Token.Kind.STRING) {
            text.append(tokens.next().text());
        }
        return new Expr.Constant(Value.of(text.toString()));
    }

    private static Expr integer(Token token) {
        var text = token.text();
        try {
            boolean hex = text.startsWith("0x") || text.startsWith("0X");
            long number = hex ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
            return new Expr.Constant(Value.of(number));
        } catch (NumberFormatException _) {
            throw new SyntaxTrouble(token.line(), "the number " + text + " is too large");
        }
    }

    private Expr bracketed(Token token) {
        tokens.enter();
        Expr value;
        if (tokens.accept("(")) {
            value = parenthesis();
        } else if (tokens.accept("[")) {
            value = new Expr.ListOf(items("]"), false);
        } else if (tokens.accept("{")) {
            value = dict();
        } else {
            throw new SyntaxTrouble(token.line(), "expected an expression, found " + token);
        }
        tokens.leave();
        return value;
    }

    private Expr parenthesis() {
        if (tokens.accept(")")) {
            return new Expr.ListOf(List.of(), true);
        }
        var inside = expressions.tuple();
        tokens.expect(")");
        return inside;
    }

    private List<Expr> items(String end) {
        var items = new ArrayList<Expr>();
        while (!tokens.accept(end)) {
            if (!items.isEmpty()) {
                tokens.expect(",");
                if (tokens.accept(end)) {
                    break;
                }
            }
            items.add(expressions.expression());
        }
        return items;
    }

    private Expr dict() {
        var entries = new ArrayList<Map.Entry<Expr, Expr>>();
        while (!tokens.accept("}")) {
            if (!entries.isEmpty()) {
                tokens.expect(",");
                if (tokens.accept("}")) {
                    break;
                }
            }
            var key = expressions.expression();
            tokens.expect(":");
            entries.add(Map.entry(key, expressions.expression()));
        }
        return new Expr.DictOf(entries);
    }

    Expr.CallArguments maybeArguments() {
        return tokens.peek().is("(") ? arguments() : Expr.CallArguments.NONE;
    }

    Expr.CallArguments arguments() {
        tokens.expect("(");
        tokens.enter();
        var positional = new ArrayList<Expr>();
        var named = new ArrayList<Map.Entry<String, Expr>>();
        Optional<Expr> more = Optional.empty();
        Optional<Expr> moreNamed = Optional.empty();
        boolean first = true;
        while (!tokens.accept(")")) {
            if (!first) {
                tokens.expect(",");
                if (tokens.accept(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.accept("*")) {
                more = Optional.of(expressions.expression());
            } else if (tokens.accept("**")) {
                moreNamed = Optional.of(expressions.expression());
            } else if (tokens.peek().kind() == Token.Kind.NAME && tokens.ahead(1).is("=")) {
                var name = tokens.name();
                tokens.expect("=");
                named.add(Map.entry(name, expressions.expression()));
            } else {
                positional.add(expressions.expression());
            }
        }
        tokens.leave();
        return new Expr.CallArguments(positional, named, more, moreNamed);
    }
}
