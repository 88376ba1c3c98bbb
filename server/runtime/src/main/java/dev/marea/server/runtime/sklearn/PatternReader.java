package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.PatternPart.Either;
import dev.marea.server.runtime.sklearn.PatternPart.Group;
import dev.marea.server.runtime.sklearn.PatternPart.One;
import dev.marea.server.runtime.sklearn.PatternPart.Place;
import dev.marea.server.runtime.sklearn.PatternPart.Repeat;
import dev.marea.server.runtime.sklearn.PatternPart.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Reads a token pattern of Python's {@code re}, for text: what can be matched in one walk over it.
 * Looking around, back-references and flags other than {@code u} and {@code s} cannot.
 */
final class PatternReader {
    private static final int LENGTH_MAX = 500;
    private static final int DEPTH_MAX = 32;
    private static final int END = -1;

    private final State state;
    private final int[] pattern;
    private int at;
    private int depth;
    private int groups;
    private boolean dotAll;

    private PatternReader(String pattern, State state) {
        this.state = state;
        this.pattern = pattern.codePoints().toArray();
    }

    static TokenPattern read(String pattern, State state) throws LoadFailure {
        if (pattern.isEmpty() || pattern.length() > LENGTH_MAX) {
            throw state.unsupported("a token_pattern of %d characters".formatted(pattern.length()));
        }
        var reader = new PatternReader(pattern, state);
        var part = reader.either();
        if (reader.peek() != END) {
            throw reader.refused("a parenthesis too many");
        }
        if (part.isPerhapsEmpty()) {
            throw reader.refused("a match of nothing");
        }
        return TokenPattern.of(part, reader.groups > 0)
                .orElseThrow(() -> reader.refused("so many repetitions"));
    }

    private LoadFailure refused(String what) {
        return state.unsupported(
                "%s in the token_pattern %s"
                        .formatted(what, Texts.shown(new String(pattern, 0, pattern.length))));
    }

    private int peek() {
        return at < pattern.length ? pattern[at] : END;
    }

    private int next() throws LoadFailure {
        if (at == pattern.length) {
            throw refused("an end in the middle");
        }
        return pattern[at++];
    }

    private boolean skip(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= pattern.length || pattern[at + i] != text.charAt(i)) {
                return false;
            }
        }
        at += text.length();
        return true;
    }

    private PatternPart either() throws LoadFailure {
        if (++depth > DEPTH_MAX) {
            throw refused("so many parentheses inside one another");
        }
        var branches = new ArrayList<PatternPart>();
        branches.add(sequence());
        while (skip("|")) {
            branches.add(sequence());
        }
        depth--;
        return branches.size() == 1 ? branches.getFirst() : new Either(branches);
    }

    private PatternPart sequence() throws LoadFailure {
        var parts = new ArrayList<PatternPart>();
        while (peek() != END && peek() != '|' && peek() != ')') {
            if (skip("(?u)")) {
                continue;
            }
            if (skip("(?s)")) {
                dotAll = true;
                continue;
            }
            parts.add(repeated(atom()));
        }
        return new Sequence(parts);
    }

    private PatternPart repeated(PatternPart part) throws LoadFailure {
        int[] times = times();
        if (times.length == 0) {
            return part;
        }
        if (part instanceof Place) {
            throw refused("a repeated place");
        }
        boolean lazy = skip("?");
        if (!lazy && peek() == '+') {
            throw refused("a repetition that gives nothing back");
        }
        if (times().length > 0) {
            throw refused("a repetition of a repetition");
        }
        return new Repeat(part, times[0], times[1], lazy);
    }

    /** How often at least and at most; empty if there is no repetition here. */
    private int[] times() throws LoadFailure {
        return switch (peek()) {
            case '*' -> taken(0, -1);
            case '+' -> taken(1, -1);
            case '?' -> taken(0, 1);
            case '{' -> {
                at++;
                yield bounds();
            }
            default -> new int[0];
        };
    }

    private int[] taken(int least, int most) {
        at++;
        return new int[] {least, most};
    }

    private int[] bounds() throws LoadFailure {
        int least = peek() == ',' ? 0 : number();
        int most = least;
        if (skip(",")) {
            most = peek() == '}' ? -1 : number();
        }
        if (!skip("}") || (most >= 0 && most < least)) {
            throw refused("a malformed repetition");
        }
        return new int[] {least, most};
    }

    private int number() throws LoadFailure {
        int number = 0;
        int digits = 0;
        for (; peek() >= '0' && peek() <= '9'; digits++) {
            number = 10 * number + next() - '0';
            if (number > TokenPattern.STEPS_MAX) {
                throw refused("so many repetitions");
            }
        }
        if (digits == 0) {
            throw refused("a malformed repetition");
        }
        return number;
    }

    private PatternPart atom() throws LoadFailure {
        int c = next();
        return switch (c) {
            case '(' -> group();
            case '[' -> new One(set());
            case '.' -> new One(dotAll ? any -> true : any -> any != '\n');
            case '^' -> Place.START;
            case '$' -> Place.END;
            case '\\' -> escaped();
            case '*', '+', '?' -> throw refused("a repetition of nothing");
            default -> new One(is -> is == c);
        };
    }

    private PatternPart group() throws LoadFailure {
        boolean captures = !skip("?:");
        if (captures && peek() == '?') {
            throw refused("a group that looks around, has a name or sets flags");
        }
        if (captures && ++groups > 1) {
            throw refused("a second group");
        }
        var inside = either();
        if (!skip(")")) {
            throw refused("a parenthesis too few");
        }
        return captures ? new Group(inside) : inside;
    }

    private PatternPart escaped() throws LoadFailure {
        return switch (peek()) {
            case 'b' -> place(Place.WORD_EDGE);
            case 'B' -> place(Place.NO_WORD_EDGE);
            case 'A' -> place(Place.START);
            default -> new One(escapedKind());
        };
    }

    private PatternPart place(Place place) {
        at++;
        return place;
    }

    private IntPredicate escapedKind() throws LoadFailure {
        int c = next();
        return switch (c) {
            case 'w' -> PythonText::isWord;
            case 'W' -> x -> !PythonText.isWord(x);
            case 'd' -> PythonText::isDigit;
            case 'D' -> x -> !PythonText.isDigit(x);
            case 's' -> PythonText::isSpace;
            case 'S' -> x -> !PythonText.isSpace(x);
            default -> {
                int plain = plain(c);
                yield x -> x == plain;
            }
        };
    }

    /** The character that a backslash before another one means. */
    private int plain(int c) throws LoadFailure {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> 0x0b;
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw refused("\\" + Character.toString(c));
                }
                yield c;
            }
        };
    }

    private int hexadecimal(int digits) throws LoadFailure {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw refused("a malformed escape");
            }
            value = 16 * value + digit;
        }
        return value;
    }

    private IntPredicate set() throws LoadFailure {
        boolean negated = skip("^");
        var kinds = new ArrayList<IntPredicate>();
        do {
            kinds.add(member());
        } while (!skip("]"));
        var all = List.copyOf(kinds);
        return c -> {
            for (var kind : all) {
                if (kind.test(c)) {
                    return !negated;
                }
            }
            return negated;
        };
    }

    private IntPredicate member() throws LoadFailure {
        int first = next();
        if (first == '[' && peek() == ':') {
            throw refused("a set inside a set");
        }
        if (first == '\\' && "wWdDsS".indexOf(peek()) >= 0) {
            return escapedKind();
        }
        int low = first == '\\' ? plainInSet() : first;
        boolean isRange = peek() == '-' && at + 1 < pattern.length && pattern[at + 1] != ']';
        if (!isRange) {
            return c -> c == low;
        }
        at++;
        int last = next();
        int high = last == '\\' ? plainInSet() : last;
        if (high < low) {
            throw refused("a range that ends before it begins");
        }
        return c -> c >= low && c <= high;
    }

    private int plainInSet() throws LoadFailure {
        int c = next();
        return c == 'b' ? '\b' : plain(c);
    }
}
