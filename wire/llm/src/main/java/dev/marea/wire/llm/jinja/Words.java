package dev.marea.wire.llm.jinja;

import java.util.Locale;

/** Letters and white space as Python's str counts them. */
final class Words {
    private Words() {}

    static boolean isSpace(int c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || c == 0x85
                || (c >= 0x1C && c <= 0x1F);
    }

    static String strip(String text, Arguments arguments, boolean left, boolean right) {
        var chars = arguments.at(0, "chars", Values.NONE);
        var set = chars instanceof Value.Str(var given, _) ? given : "";
        boolean any = chars instanceof Value.Str;
        int from = 0;
        int to = text.length();
        while (left && from < to && strips(text.codePointAt(from), any, set)) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && to > from && strips(text.codePointBefore(to), any, set)) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean strips(int c, boolean given, String set) {
        return given ? set.indexOf(c) >= 0 : isSpace(c);
    }

    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int end = text.offsetByCodePoints(0, 1);
        return text.substring(0, end).toUpperCase(Locale.ROOT)
                + text.substring(end).toLowerCase(Locale.ROOT);
    }

    static String titled(String text) {
        var out = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return out.toString();
    }

    /** Jinja's own title: a word begins at white space or an opening bracket only. */
    static String headed(String text) {
        var out = new StringBuilder(text.length());
        boolean begins = true;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            var one = Character.toString(c);
            out.append(begins ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
            begins = isSpace(c) || "-({[<".indexOf(c) >= 0;
        }
        return out.toString();
    }

    static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
