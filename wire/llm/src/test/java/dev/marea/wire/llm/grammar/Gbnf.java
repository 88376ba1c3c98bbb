package dev.marea.wire.llm.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A small matcher of GBNF for tests: which ends can a rule reach from a start. */
final class Gbnf {
    private sealed interface Node {
        record Text(String text) implements Node {}

        record Letters(List<int[]> ranges, boolean negated) implements Node {}

        record Rule(String name) implements Node {}

        record Sequence(List<Node> items) implements Node {}

        record Choice(List<Node> branches) implements Node {}

        record Repeat(Node item, int min, int max) implements Node {}
    }

    private final Map<String, Node> rules = new HashMap<>();
    private String source = "";
    private int at;

    Gbnf(String grammar) {
        for (var line : grammar.lines().toList()) {
            int sign = line.indexOf("::=");
            if (sign < 0) {
                throw new IllegalArgumentException("no rule: " + line);
            }
            source = line;
            at = sign + 3;
            var body = choice();
            if (at != line.length()) {
                throw new IllegalArgumentException("unread: " + line.substring(at) + " in " + line);
            }
            rules.put(line.substring(0, sign).strip(), body);
        }
    }

    boolean matches(String text) {
        return ends(new Node.Rule("root"), text, Set.of(0), 0).contains(text.length());
    }

    private Set<Integer> ends(Node node, String text, Set<Integer> starts, int depth) {
        if (depth > 2_000) {
            throw new IllegalStateException("left recursion");
        }
        var ends = new HashSet<Integer>();
        switch (node) {
            case Node.Text(var part) ->
                    starts.stream()
                            .filter(s -> text.startsWith(part, s))
                            .forEach(s -> ends.add(s + part.length()));
            case Node.Letters(var ranges, var negated) -> {
                for (int s : starts) {
                    if (s < text.length()) {
                        int c = text.codePointAt(s);
                        boolean in = ranges.stream().anyMatch(r -> c >= r[0] && c <= r[1]);
                        if (in != negated) {
                            ends.add(s + Character.charCount(c));
                        }
                    }
                }
            }
            case Node.Rule(var name) -> {
                var body = rules.get(name);
                if (body == null) {
                    throw new IllegalStateException("no rule " + name);
                }
                if (!starts.isEmpty()) {
                    return ends(body, text, starts, depth + 1);
                }
            }
            case Node.Sequence(var items) -> {
                var here = starts;
                for (var item : items) {
                    here = ends(item, text, here, depth + 1);
                }
                return here;
            }
            case Node.Choice(var branches) ->
                    branches.forEach(b -> ends.addAll(ends(b, text, starts, depth + 1)));
            case Node.Repeat(var item, int min, int max) -> {
                var here = starts;
                for (int i = 0; !here.isEmpty() && (max < 0 || i <= max); i++) {
                    if (i >= min && !ends.addAll(here) && i > min) {
                        break;
                    }
                    if (i == max) {
                        break;
                    }
                    here = ends(item, text, here, depth + 1);
                }
            }
        }
        return ends;
    }

    private Node choice() {
        var branches = new ArrayList<Node>();
        branches.add(sequence());
        while (peek() == '|') {
            at++;
            branches.add(sequence());
        }
        return new Node.Choice(branches);
    }

    private Node sequence() {
        var items = new ArrayList<Node>();
        while (peek() != 0 && peek() != '|' && peek() != ')') {
            items.add(repeated(item()));
        }
        return new Node.Sequence(items);
    }

    private Node repeated(Node first) {
        var item = first;
        while (at < source.length() && "*+?{".indexOf(source.charAt(at)) >= 0) {
            char c = source.charAt(at++);
            switch (c) {
                case '*' -> item = new Node.Repeat(item, 0, -1);
                case '+' -> item = new Node.Repeat(item, 1, -1);
                case '?' -> item = new Node.Repeat(item, 0, 1);
                default -> {
                    int end = source.indexOf('}', at);
                    var parts = source.substring(at, end).split(",", -1);
                    int min = Integer.parseInt(parts[0]);
                    int max =
                            parts.length == 1
                                    ? min
                                    : parts[1].isEmpty() ? -1 : Integer.parseInt(parts[1]);
                    item = new Node.Repeat(item, min, max);
                    at = end + 1;
                }
            }
        }
        return item;
    }

    private Node item() {
        char c = peek();
        if (c == '"') {
            at++;
            var text = new StringBuilder();
            while (source.charAt(at) != '"') {
                text.appendCodePoint(letter());
            }
            at++;
            return new Node.Text(text.toString());
        }
        if (c == '[') {
            return letters();
        }
        if (c == '(') {
            at++;
            var inside = choice();
            if (peek() != ')') {
                throw new IllegalArgumentException("no ) at " + at + " in " + source);
            }
            at++;
            return inside;
        }
        int from = at;
        while (at < source.length()
                && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '-')) {
            at++;
        }
        if (from == at) {
            throw new IllegalArgumentException("unexpected " + c + " at " + at + " in " + source);
        }
        return new Node.Rule(source.substring(from, at));
    }

    private Node letters() {
        at++;
        boolean negated = source.charAt(at) == '^';
        at += negated ? 1 : 0;
        var ranges = new ArrayList<int[]>();
        while (source.charAt(at) != ']') {
            int low = letter();
            int high = low;
            if (source.charAt(at) == '-' && source.charAt(at + 1) != ']') {
                at++;
                high = letter();
            }
            ranges.add(new int[] {low, high});
        }
        at++;
        return new Node.Letters(ranges, negated);
    }

    private int letter() {
        int c = source.codePointAt(at);
        at += Character.charCount(c);
        if (c != '\\') {
            return c;
        }
        char escaped = source.charAt(at++);
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'x' -> {
                at += 2;
                yield Integer.parseInt(source.substring(at - 2, at), 16);
            }
            case '"', '\\', '[', ']' -> escaped;
            default -> throw new IllegalArgumentException("escape \\" + escaped + " in " + source);
        };
    }

    private char peek() {
        while (at < source.length() && source.charAt(at) == ' ') {
            at++;
        }
        return at < source.length() ? source.charAt(at) : 0;
    }
}
