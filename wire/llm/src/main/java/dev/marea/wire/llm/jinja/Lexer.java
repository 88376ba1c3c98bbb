package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with the white space rules under which chat templates are written
 * (trim_blocks and lstrip_blocks on, one newline at the end dropped).
 */
final class Lexer {
    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
    private static final Pattern RAW_END =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}(\\n?)");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern DECIMAL =
            Pattern.compile("\\d[\\d_]*(?:\\.\\d[\\d_]*(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+)");
    private static final Pattern INTEGER = Pattern.compile("0[xX][0-9a-fA-F]+|\\d[\\d_]*");
    private static final List<String> OPERATORS =
            List.of(
                    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(",
                    ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        var text = source.replace("\r\n", "\n").replace('\r', '\n');
        var lexer = new Lexer(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        try {
            lexer.run();
        } catch (Trouble trouble) {
            throw new SyntaxTrouble(lexer.line, trouble.text());
        }
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int tag = nextTag(at);
            if (tag < 0) {
                data(source.substring(at));
                at = source.length();
            } else {
                tag(tag);
            }
        }
        add(Token.Kind.END, "");
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
            char next = i + 1 < source.length() ? source.charAt(i + 1) : ' ';
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private void tag(int tag) {
        char kind = source.charAt(tag + 1);
        char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
        boolean signed = sign == '-' || sign == '+';
        data(before(source.substring(at, tag), sign, kind != '{'));
        int inside = tag + (signed ? 3 : 2);
        switch (kind) {
            case '#' -> comment(inside);
            case '%' -> block(tag, inside);
            default -> {
                at = inside;
                add(Token.Kind.PRINT_BEGIN, "{{");
                code("}}", Token.Kind.PRINT_END);
            }
        }
    }

    /** The text before a tag, less the white space that the tag takes. */
    private String before(String text, char sign, boolean block) {
        if (sign == '-') {
            return text.stripTrailing();
        }
        if (sign == '+' || !block) {
            return text;
        }
        int start = text.lastIndexOf('\n') + 1;
        boolean whole = start > 0 || lineStarts;
        return whole && text.substring(start).isBlank() ? text.substring(0, start) : text;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.DATA, text);
        }
        count(text);
    }

    private void comment(int inside) {
        int end = source.indexOf("#}", inside);
        if (end < 0) {
            throw new Trouble("a comment has no end");
        }
        char sign = end > inside ? source.charAt(end - 1) : ' ';
        count(source.substring(inside, end));
        after(end + 2, sign, true);
    }

    private void block(int tag, int inside) {
        var raw = RAW_BEGIN.matcher(source).region(tag, source.length());
        if (raw.lookingAt()) {
            raw(raw);
            return;
        }
        at = inside;
        add(Token.Kind.BLOCK_BEGIN, "{%");
        code("%}", Token.Kind.BLOCK_END);
    }

    private void raw(Matcher begin) {
        after(begin.end(), begin.group(1).isEmpty() ? '+' : '-', true);
        var end = RAW_END.matcher(source);
        if (!end.find(at)) {
            throw new Trouble("raw has no endraw");
        }
        var text = source.substring(at, end.start());
        char sign = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
        data(before(text, sign, true));
        after(end.end(2) + 2, end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
    }

    /** Goes behind a tag, over the white space that it takes. */
    private void after(int end, char sign, boolean block) {
        at = end;
        if (sign == '-') {
            while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                at++;
            }
        } else if (block && sign != '+' && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        count(source.substring(end, at));
        lineStarts = source.charAt(at - 1) == '\n';
    }

    private void code(String end, Token.Kind kind) {
        int braces = 0;
        while (true) {
            skipBlank();
            if (at >= source.length()) {
                throw new Trouble("a tag has no '" + end + "'");
            }
            boolean closed = braces == 0 && ends(end);
            if (closed) {
                char sign = source.startsWith(end, at) ? ' ' : source.charAt(at);
                add(kind, end);
                after(
                        at + end.length() + (sign == ' ' ? 0 : 1),
                        sign,
                        kind == Token.Kind.BLOCK_END);
                return;
            }
            var token = one();
            braces += token.is("{") || token.is("(") || token.is("[") ? 1 : 0;
            braces -= token.is("}") || token.is(")") || token.is("]") ? 1 : 0;
            if (braces < 0) {
                throw new Trouble("unexpected " + token);
            }
        }
    }

    private boolean ends(String end) {
        return source.startsWith(end, at)
                || source.startsWith("-" + end, at)
                || (end.equals("%}") && source.startsWith("+%}", at));
    }

    private void skipBlank() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            line += source.charAt(at++) == '\n' ? 1 : 0;
        }
    }

    private Token one() {
        char c = source.charAt(at);
        if (c == '"' || c == '\'') {
            return string(c);
        }
        var name = match(NAME);
        if (!name.isEmpty()) {
            return add(Token.Kind.NAME, name);
        }
        var decimal = match(DECIMAL);
        if (!decimal.isEmpty()) {
            return add(Token.Kind.DECIMAL, decimal.replace("_", ""));
        }
        var integer = match(INTEGER);
        if (!integer.isEmpty()) {
            return add(Token.Kind.INTEGER, integer.replace("_", ""));
        }
        for (var operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                at += operator.length();
                return add(Token.Kind.OPERATOR, operator);
            }
        }
        throw new Trouble("unexpected character '" + c + "'");
    }

    private String match(Pattern pattern) {
        var matcher = pattern.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            return "";
        }
        at = matcher.end();
        return matcher.group();
    }

    private Token string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new Trouble("a string has no end");
        }
        var written = source.substring(at + 1, end);
        at = end + 1;
        var token = add(Token.Kind.STRING, Escapes.read(written));
        count(written);
        return token;
    }

    private void count(String passed) {
        if (!passed.isEmpty()) {
            line += (int) passed.chars().filter(c -> c == '\n').count();
            lineStarts = passed.charAt(passed.length() - 1) == '\n';
        }
    }

    private Token add(Token.Kind kind, String text) {
        var token = new Token(kind, text, line);
        tokens.add(token);
        return token;
    }
}
