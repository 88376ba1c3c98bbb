package dev.marea.wire.llm.jinja;

import java.util.List;

/** The tokens, one after the other, with the questions that a parser asks. */
final class TokenStream {
    private static final int DEPTH_MAX = 150;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token ahead(int places) {
        return tokens.get(Math.min(at + places, tokens.size() - 1));
    }

    Token next() {
        var token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean accept(String operator) {
        if (peek().is(operator)) {
            next();
            return true;
        }
        return false;
    }

    boolean acceptName(String name) {
        if (peek().isName(name)) {
            next();
            return true;
        }
        return false;
    }

    void expect(String operator) {
        if (!accept(operator)) {
            throw wrong("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!acceptName(name)) {
            throw wrong("'" + name + "'");
        }
    }

    String name() {
        if (peek().kind() != Token.Kind.NAME) {
            throw wrong("a name");
        }
        return next().text();
    }

    void expect(Token.Kind kind, String what) {
        if (next().kind() != kind) {
            at--;
            throw wrong(what);
        }
    }

    SyntaxTrouble wrong(String wanted) {
        return new SyntaxTrouble(peek().line(), "expected " + wanted + ", found " + peek());
    }

    /** Every nesting passes here, so that no template can exhaust the stack of its reader. */
    void enter() {
        if (++depth > DEPTH_MAX) {
            throw new SyntaxTrouble(peek().line(), "nests deeper than " + DEPTH_MAX + " levels");
        }
    }

    void leave() {
        depth--;
    }
}
