package dev.marea.wire.llm.tools;

import java.util.List;

/** How far a text that is still coming can be trusted. */
final class Texts {
    private Texts() {}

    /** Up to where the text certainly holds no beginning of a tag. */
    static int beforeAnyTag(CharSequence text, List<String> tags) {
        int longest = tags.stream().mapToInt(String::length).max().orElse(0);
        for (int at = Math.max(0, text.length() - longest + 1); at < text.length(); at++) {
            for (var tag : tags) {
                if (mayBegin(text, at, tag)) {
                    return at;
                }
            }
        }
        return text.length();
    }

    /** Whether the text from here on is the beginning of a tag, or all of it. */
    static boolean mayBegin(CharSequence text, int from, String tag) {
        int length = Math.min(tag.length(), text.length() - from);
        return tag.regionMatches(0, text.subSequence(from, from + length).toString(), 0, length);
    }

    static int withoutTrailingSpace(CharSequence text, int end) {
        int at = end;
        while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    static int skipSpace(CharSequence text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static int indexOf(CharSequence text, String part, int from) {
        return text.toString().indexOf(part, from);
    }
}
