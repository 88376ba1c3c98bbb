package dev.marea.server.runtime.lightgbm;

import java.nio.charset.StandardCharsets;

/** The lines of a model, read one after another, without a string for each. */
final class ModelText {
    private static final int SHOWN_MAX = 60;

    /** One line without its end. */
    record Line(byte[] bytes, int number, int from, int to) {
        boolean isBlank() {
            return from == to;
        }

        int length() {
            return to - from;
        }

        boolean startsWith(String prefix) {
            int length = prefix.length();
            if (length > to - from) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (bytes[from + i] != prefix.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        boolean is(String text) {
            return text.length() == length() && startsWith(text);
        }

        /** Where the first {@code =} stands, or -1. */
        int equalsSign() {
            for (int i = from; i < to; i++) {
                if (bytes[i] == '=') {
                    return i;
                }
            }
            return -1;
        }

        String text(int start) {
            return new String(bytes, start, to - start, StandardCharsets.UTF_8);
        }

        String shown() {
            int shownTo = Math.min(to, from + SHOWN_MAX);
            return new String(bytes, from, shownTo - from, StandardCharsets.UTF_8)
                    + (shownTo < to ? "…" : "");
        }

        BadModel bad(String reason) {
            return new BadModel(number, reason);
        }
    }

    private final byte[] bytes;
    private int at;
    private int lines;

    ModelText(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasNext() {
        return at < bytes.length;
    }

    /** The next line; LightGBM takes the line ends of every system. */
    Line next() {
        int from = at;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        int to = at > from && bytes[at - 1] == '\r' ? at - 1 : at;
        if (at < bytes.length) {
            at++;
        }
        lines++;
        return new Line(bytes, lines, from, to);
    }

    /** Whether the next line begins so. */
    boolean startsWith(String prefix) {
        return new Line(bytes, lines + 1, at, bytes.length).startsWith(prefix);
    }

    /** The last line that is not blank. */
    Line last() {
        int to = bytes.length;
        while (to > 0 && (bytes[to - 1] == '\n' || bytes[to - 1] == '\r')) {
            to--;
        }
        int from = to;
        while (from > 0 && bytes[from - 1] != '\n') {
            from--;
        }
        return new Line(bytes, lineNumber(from), from, to);
    }

    private int lineNumber(int position) {
        int number = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                number++;
            }
        }
        return number;
    }

    int length() {
        return bytes.length;
    }

    /** Something is wrong with what was read up to here. */
    BadModel bad(String reason) {
        return new BadModel(Math.max(lines, 1), reason);
    }

    BadModel ended(String what) {
        return bad("the text ends " + what + " (a truncated file?)");
    }

    static boolean looksLikeModel(byte[] start) {
        var first = new ModelText(start).next();
        return first.is("tree") && start.length > first.length();
    }
}
