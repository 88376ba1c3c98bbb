package dev.marea.wire.llm.grammar;

import java.util.ArrayList;

/**
 * A regular expression as a piece of grammar: letters, classes, groups, choices and repetitions.
 * What only a backtracking engine can do is refused.
 */
final class RegexParser {
    private static final int PATTERN_CHARS_MAX = 2_000;
    private static final int DEPTH_MAX = 30;
    private static final int REPEAT_MAX = 1_000;

    private final String pattern;
    private final RegexText text;
    private final String path;
    private int at;
    private int depth;
    private long copies = 1;

    private RegexParser(String pattern, RegexText text, String path) {
        this.pattern = pattern;
        this.text = text;
        this.path = path;
    }

    static String grammar(String pattern, RegexText text, String path) throws UnsupportedSchema {
        if (pattern.length() > PATTERN_CHARS_MAX) {
            throw new UnsupportedSchema(
                    path, "a pattern may have " + PATTERN_CHARS_MAX + " characters");
        }
        int from = pattern.startsWith("^") ? 1 : 0;
        boolean anchored = pattern.endsWith("$") && !pattern.endsWith("\\$");
        var inside = pattern.substring(from, pattern.length() - (anchored ? 1 : 0));
        var parser = new RegexParser(inside, text, path);
        var grammar = parser.choice();
        if (parser.at < inside.length()) {
            throw parser.wrong("an unexpected '" + inside.charAt(parser.at) + "'");
        }
        return grammar.isEmpty() ? "\"\"" : grammar;
    }

    private UnsupportedSchema wrong(String what) {
        return new UnsupportedSchema(path, "the pattern has " + what + " at character " + (at + 1));
    }

    private String choice() throws UnsupportedSchema {
        if (++depth > DEPTH_MAX) {
            throw wrong("groups nested deeper than " + DEPTH_MAX);
        }
        var branches = new ArrayList<String>();
        branches.add(sequence());
        while (accept('|')) {
            branches.add(sequence());
        }
        depth--;
        return String.join(" | ", branches);
    }

    private String sequence() throws UnsupportedSchema {
        var items = new ArrayList<String>();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            items.add(repeated());
        }
        return items.isEmpty() ? "\"\"" : String.join(" ", items);
    }

    private String repeated() throws UnsupportedSchema {
        var item = item();
        if (at == pattern.length() || "*+?{".indexOf(pattern.charAt(at)) < 0) {
            return item;
        }
        boolean open = pattern.charAt(at) == '*' || pattern.charAt(at) == '+';
        boolean endless = item.endsWith("*)") || item.endsWith("+)") || item.endsWith(",})");
        if (endless && open) {
            throw wrong("an endless repetition of an endless repetition");
        }
        var quantifier =
                pattern.charAt(at) == '{' ? bounds() : Character.toString(pattern.charAt(at++));
        accept('?');
        if (at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            throw wrong("nothing to repeat");
        }
        return item + quantifier;
    }

    private String bounds() throws UnsupportedSchema {
        int end = pattern.indexOf('}', at);
        var inside = end < 0 ? "" : pattern.substring(at + 1, end);
        if (!inside.matches("\\d{1,4}(,\\d{0,4})?")) {
            throw wrong("a broken repetition");
        }
        var parts = inside.split(",", -1);
        int min = Integer.parseInt(parts[0]);
        int max = parts.length == 1 ? min : parts[1].isEmpty() ? min : Integer.parseInt(parts[1]);
        copies *= Math.max(1, max);
        if (max < min || max > REPEAT_MAX || copies > 100_000) {
            throw wrong("a repetition of more than " + REPEAT_MAX);
        }
        at = end + 1;
        return "{" + inside + "}";
    }

    private String item() throws UnsupportedSchema {
        char c = pattern.charAt(at);
        return switch (c) {
            case '(' -> group();
            case '[' -> letters();
            case '.' -> {
                at++;
                yield text.any();
            }
            case '\\' -> escape();
            case '*', '+', '?', '{' -> throw wrong("nothing to repeat");
            case '^', '$' -> throw wrong("an anchor inside, which is not supported,");
            default -> {
                int letter = pattern.codePointAt(at);
                at += Character.charCount(letter);
                yield text.letter(letter);
            }
        };
    }

    private String group() throws UnsupportedSchema {
        at++;
        if (pattern.startsWith("?:", at)) {
            at += 2;
        } else if (pattern.startsWith("?", at)) {
            throw wrong("a look-around or a named group, which is not supported,");
        }
        var inside = choice();
        if (!accept(')')) {
            throw wrong("a group without an end");
        }
        return "(" + inside + ")";
    }

    private String escape() throws UnsupportedSchema {
        if (at + 1 == pattern.length()) {
            throw wrong("a lonely backslash");
        }
        char c = pattern.charAt(at + 1);
        at += 2;
        return switch (c) {
            case 'd' -> "[0-9]";
            case 'D' -> "[^0-9\"\\\\\\x00-\\x1F\\x7F]";
            case 'w' -> "[a-zA-Z0-9_]";
            case 'W' -> "[^a-zA-Z0-9_\"\\\\\\x00-\\x1F\\x7F]";
            case 's' -> "[ ]";
            case 'S' -> "[^ \"\\\\\\x00-\\x1F\\x7F]";
            case 'n' -> text.letter('\n');
            case 'r' -> text.letter('\r');
            case 't' -> text.letter('\t');
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw wrong("the escape \\" + c + ", which is not supported,");
                }
                yield text.letter(c);
            }
        };
    }

    /** A class; inside a JSON string it can never hold a quote, a backslash or a control. */
    private String letters() throws UnsupportedSchema {
        int start = ++at;
        boolean negated = accept('^');
        var inside = new StringBuilder();
        while (at < pattern.length() && (pattern.charAt(at) != ']' || at == start)) {
            inside.append(letterOfClass());
        }
        if (!accept(']')) {
            throw wrong("a class without an end");
        }
        if (inside.isEmpty()) {
            throw wrong("an empty class");
        }
        return negated
                ? "[^" + inside + (text == RegexText.JSON ? "\"\\\\\\x00-\\x1F\\x7F" : "") + "]"
                : "[" + inside + "]";
    }

    private String letterOfClass() throws UnsupportedSchema {
        int c = pattern.codePointAt(at);
        if (c == '\\' && at + 1 < pattern.length()) {
            char escaped = pattern.charAt(at + 1);
            at += 2;
            return switch (escaped) {
                case 'd' -> "0-9";
                case 'w' -> "a-zA-Z0-9_";
                case 's' -> " ";
                case 'n' -> control("\\n");
                case 'r' -> control("\\r");
                case 't' -> control("\\t");
                case ']', '-', '^', '\\', '"' -> quoted(escaped);
                default -> {
                    if (Character.isLetterOrDigit(escaped)) {
                        throw wrong("the escape \\" + escaped + ", which is not supported,");
                    }
                    yield Character.toString(escaped);
                }
            };
        }
        at += Character.charCount(c);
        return c == '"' || c == '^' ? quoted((char) c) : Character.toString(c);
    }

    private String control(String written) {
        return text == RegexText.JSON ? "" : written;
    }

    private String quoted(char c) throws UnsupportedSchema {
        if (text == RegexText.JSON && (c == '"' || c == '\\')) {
            throw wrong("a quote or backslash in a class, which is not supported,");
        }
        return c == '\\' || c == ']' ? "\\" + c : "\\x%02X".formatted((int) c);
    }

    private boolean accept(char c) {
        if (at < pattern.length() && pattern.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
