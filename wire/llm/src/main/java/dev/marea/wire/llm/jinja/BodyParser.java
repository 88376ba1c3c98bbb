package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a template's body: text, prints and statements, a method a statement. */
final class BodyParser {
    private static final Set<String> FOREIGN =
            Set.of("include", "import", "from", "extends", "block", "autoescape", "trans", "debug");

    private final TokenStream tokens;
    private final ExprParser expressions;
    private final Targets targets;

    private BodyParser(List<Token> tokens) {
        this.tokens = new TokenStream(tokens);
        this.expressions = new ExprParser(this.tokens);
        this.targets = new Targets(this.tokens);
    }

    static List<Node> parse(String source) {
        var parser = new BodyParser(Lexer.tokens(source));
        var body = parser.until();
        if (parser.tokens.peek().kind() != Token.Kind.END) {
            throw parser.tokens.wrong("the end of the template");
        }
        return body;
    }

    /** Reads until a statement of one of these names, which is left standing. */
    private List<Node> until(String... names) {
        tokens.enter();
        var nodes = new ArrayList<Node>();
        while (!ends(names)) {
            var token = tokens.next();
            switch (token.kind()) {
                case DATA -> nodes.add(new Node.Text(token.text()));
                case PRINT_BEGIN -> {
                    nodes.add(new Node.Print(expressions.tuple(), token.line()));
                    tokens.expect(Token.Kind.PRINT_END, "'}}'");
                }
                case BLOCK_BEGIN -> nodes.add(statement(token.line()));
                case BLOCK_END, PRINT_END, NAME, STRING, INTEGER, DECIMAL, OPERATOR, END ->
                        throw new SyntaxTrouble(token.line(), "unexpected " + token);
            }
        }
        tokens.leave();
        return nodes;
    }

    private boolean ends(String... names) {
        if (tokens.peek().kind() == Token.Kind.END) {
            if (names.length > 0) {
                throw tokens.wrong("'" + names[names.length - 1] + "'");
            }
            return true;
        }
        if (tokens.peek().kind() != Token.Kind.BLOCK_BEGIN) {
            return false;
        }
        for (var name : names) {
            if (tokens.ahead(1).isName(name)) {
                return true;
            }
        }
        return false;
    }

    private Node statement(int line) {
        var name = tokens.name();
        return switch (name) {
            case "if" -> choice(line);
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> call(line);
            case "filter" -> filter(line);
            case "with" -> with(line);
            case "generation" -> {
                end();
                yield new Node.Marked(body("endgeneration"), line);
            }
            case "do" -> {
                var value = expressions.tuple();
                end();
                yield new Node.Do(value, line);
            }
            case "break" -> {
                end();
                yield new Node.Break(line);
            }
            case "continue" -> {
                end();
                yield new Node.Continue(line);
            }
            default ->
                    throw new SyntaxTrouble(
                            line,
                            FOREIGN.contains(name)
                                    ? "a chat template may not use '" + name + "'"
                                    : "unknown statement '" + name + "'");
        };
    }

    private void end() {
        tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    }

    /** The statements up to this name, whose tag is read too. */
    private List<Node> body(String name) {
        var body = until(name);
        closing(name);
        return body;
    }

    private void closing(String name) {
        tokens.expect(Token.Kind.BLOCK_BEGIN, "'{%'");
        tokens.expectName(name);
        end();
    }

    private Node choice(int line) {
        var branches = new ArrayList<Node.Branch>();
        List<Node> otherwise = List.of();
        var condition = expressions.tuple(true);
        end();
        while (true) {
            branches.add(new Node.Branch(condition, until("elif", "else", "endif")));
            tokens.next();
            var word = tokens.name();
            if (word.equals("elif")) {
                condition = expressions.tuple(true);
                end();
                continue;
            }
            end();
            if (word.equals("else")) {
                otherwise = body("endif");
            }
            return new Node.If(branches, otherwise, line);
        }
    }

    private Node loop(int line) {
        var target = targets.several();
        tokens.expectName("in");
        var items = expressions.tuple(false);
        Optional<Expr> condition =
                tokens.acceptName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        boolean recursive = tokens.acceptName("recursive");
        end();
        var body = until("else", "endfor");
        tokens.next();
        List<Node> otherwise = List.of();
        if (tokens.name().equals("else")) {
            end();
            otherwise = body("endfor");
        } else {
            end();
        }
        return new Node.For(target, items, condition, body, otherwise, recursive, line);
    }

    private Node set(int line) {
        var target = targets.several();
        if (tokens.accept("=")) {
            var value = expressions.tuple();
            end();
            return new Node.Set(target, value, line);
        }
        var filters = new ArrayList<Node.FilterCall>();
        while (tokens.accept("|")) {
            filters.add(filterCall());
        }
        end();
        return new Node.SetBlock(target, filters, body("endset"), line);
    }

    private Node.FilterCall filterCall() {
        var name = expressions.dotted();
        var arguments = new PrimaryParser(tokens, expressions).maybeArguments();
        return new Node.FilterCall(name, arguments);
    }

    private Node filter(int line) {
        var filters = new ArrayList<>(List.of(filterCall()));
        while (tokens.accept("|")) {
            filters.add(filterCall());
        }
        end();
        return new Node.FilterBlock(filters, body("endfilter"), line);
    }

    private Node macro(int line) {
        var name = tokens.name();
        var parameters = parameters();
        end();
        return new Node.Macro(name, parameters, body("endmacro"), line);
    }

    private Node call(int line) {
        var parameters = tokens.peek().is("(") ? parameters() : List.<Node.Parameter>of();
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw new SyntaxTrouble(line, "expected a call");
        }
        end();
        return new Node.CallBlock(parameters, call, body("endcall"), line);
    }

    private List<Node.Parameter> parameters() {
        tokens.expect("(");
        var parameters = new ArrayList<Node.Parameter>();
        while (!tokens.accept(")")) {
            if (!parameters.isEmpty()) {
                tokens.expect(",");
            }
            var name = tokens.name();
            Optional<Expr> otherwise =
                    tokens.accept("=") ? Optional.of(expressions.expression()) : Optional.empty();
            parameters.add(new Node.Parameter(name, otherwise));
        }
        return parameters;
    }

    private Node with(int line) {
        var values = new ArrayList<Map.Entry<Node.Target, Expr>>();
        while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
            if (!values.isEmpty()) {
                tokens.expect(",");
            }
            var target = targets.one();
            tokens.expect("=");
            values.add(Map.entry(target, expressions.expression()));
        }
        end();
        return new Node.With(values, body("endwith"), line);
    }
}
