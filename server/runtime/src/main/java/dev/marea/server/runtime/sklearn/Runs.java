package dev.marea.server.runtime.sklearn;

import java.util.ArrayList;
import java.util.List;

/** A text by its characters, which are code points as in Python. */
final class Runs {
    private final String text;

    /** Where each character begins; empty where every one is a single char. */
    private final int[] offsets;

    private final int length;

    private Runs(String text) {
        this.text = text;
        this.length = text.codePointCount(0, text.length());
        this.offsets = length == text.length() ? new int[0] : new int[length + 1];
        for (int i = 0, at = 0; i < offsets.length; i++) {
            offsets[i] = at;
            at += at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
        }
    }

    int length() {
        return length;
    }

    String run(int from, int count) {
        return offsets.length == 0
                ? text.substring(from, from + count)
                : text.substring(offsets[from], offsets[from + count]);
    }

    /** A text in which two spaces or more are one; a single one stays what it is. */
    static Runs spaced(String text) {
        var out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && PythonText.isSpace(text.charAt(end))) {
                end++;
            }
            if (end - at > 1) {
                out.append(' ');
                at = end;
            } else {
                out.append(text.charAt(at++));
            }
        }
        return new Runs(out.toString());
    }

    /** The words between spaces, each with a space before and behind it. */
    static List<Runs> words(String text) {
        var words = new ArrayList<Runs>();
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && !PythonText.isSpace(text.charAt(end))) {
                end++;
            }
            if (end > at) {
                words.add(new Runs(" " + text.substring(at, end) + " "));
            }
            at = end + 1;
        }
        return words;
    }
}
