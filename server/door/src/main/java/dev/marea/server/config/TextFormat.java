package dev.marea.server.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads protobuf's text format without knowing the messages: {@code name: value}, {@code name { …
 * }}, {@code name: [ … ]}, comments, and strings in parts. Extensions and escapes other than the
 * common ones are refused by name.
 */
final class TextFormat {
    private static final int DEPTH_MAX = 32;
    private static final int FIELDS_MAX = 10_000;
    private static final char END = '\0';

    private final String text;
    private int at;
    private int line = 1;
    private int fieldCount;

    private TextFormat(String text) {
        this.text = text;
    }

    static Block read(String text) throws BadConfig {
        return new TextFormat(text).block(END, 0);
    }

    private Block block(char close, int depth) throws BadConfig {
        if (depth > DEPTH_MAX) {
            throw new BadConfig(line, "more than " + DEPTH_MAX + " levels deep");
        }
        var fields = new ArrayList<Block.Field>();
        while (true) {
            char next = peek();
            if (next == close) {
                at++; // behind the text, this is the end of all reading
                return new Block(fields);
            }
            if (next == END) {
                throw new BadConfig(line, "ends before '" + close + "'");
            }
            field(fields, depth);
        }
    }

    private void field(List<Block.Field> fields, int depth) throws BadConfig {
        int where = line;
        var name = identifier();
        boolean colon = peek() == ':';
        if (colon) {
            at++;
        }
        switch (peek()) {
            case '{', '<' -> add(fields, name, where, inner(depth));
            case '[' -> {
                at++;
                list(fields, name, depth);
            }
            default -> {
                if (!colon) {
                    throw new BadConfig(line, "expected ':' or '{' after " + name + seen());
                }
                add(fields, name, where, word());
            }
        }
        if (peek() == ',' || peek() == ';') {
            at++;
        }
    }

    private void add(List<Block.Field> fields, String name, int where, Block.Value value)
            throws BadConfig {
        if (++fieldCount > FIELDS_MAX) {
            throw new BadConfig(where, "more than " + FIELDS_MAX + " fields");
        }
        fields.add(new Block.Field(name, where, value));
    }

    private Block.Value inner(int depth) throws BadConfig {
        char close = text.charAt(at++) == '{' ? '}' : '>';
        return new Block.Value.Inner(block(close, depth + 1));
    }

    private void list(List<Block.Field> fields, String name, int depth) throws BadConfig {
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            int where = line;
            boolean opens = peek() == '{' || peek() == '<';
            add(fields, name, where, opens ? inner(depth) : word());
            char next = peek();
            at++;
            if (next == ']') {
                return;
            }
            if (next != ',') {
                at--;
                throw new BadConfig(line, "expected ',' or ']' in the list " + name + seen());
            }
        }
    }

    private String identifier() throws BadConfig {
        int from = at;
        while (at < text.length() && isWordChar(text.charAt(at)) && text.charAt(at) != '-') {
            at++;
        }
        if (from == at) {
            throw new BadConfig(line, "expected a field's name" + seen());
        }
        return text.substring(from, at);
    }

    private Block.Value word() throws BadConfig {
        char next = peek();
        if (next == '"' || next == '\'') {
            var whole = new StringBuilder();
            while (peek() == '"' || peek() == '\'') {
                string(whole);
            }
            return new Block.Value.Word(whole.toString(), true);
        }
        int from = at;
        while (at < text.length() && isWordChar(text.charAt(at))) {
            at++;
        }
        if (from == at) {
            throw new BadConfig(line, "expected a value" + seen());
        }
        return new Block.Value.Word(text.substring(from, at), false);
    }

    private static boolean isWordChar(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '+' || c == '.';
    }

    private void string(StringBuilder whole) throws BadConfig {
        char quote = text.charAt(at++);
        while (at < text.length() && text.charAt(at) != '\n') {
            char c = text.charAt(at++);
            if (c == quote) {
                return;
            }
            whole.append(c == '\\' ? escaped() : c);
        }
        throw new BadConfig(line, "a string is not closed in its line");
    }

    private char escaped() throws BadConfig {
        char c = at < text.length() ? text.charAt(at++) : END;
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '\\', '"', '\'' -> c;
            default -> throw new BadConfig(line, "the escape \\" + c + " is not read here");
        };
    }

    /** The next character that means something; {@link #END} behind the last. */
    private char peek() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (Character.isWhitespace(c)) {
                line += c == '\n' ? 1 : 0;
                at++;
            } else {
                return c == END ? '\uFFFD' : c;
            }
        }
        return END;
    }

    private String seen() {
        char next = peek();
        return next == END ? ", found the end" : ", found '" + next + "'";
    }
}
