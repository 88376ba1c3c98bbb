package dev.marea.app.cli;

import java.util.stream.Collectors;

/**
 * Text of others (logs, messages, names), made safe for a terminal: control characters become
 * visible.
 */
final class Printable {
    private Printable() {}

    static String of(String text) {
        if (text.chars().noneMatch(Printable::unsafe)) {
            return text;
        }
        var safe = new StringBuilder(text.length() + 8);
        text.chars().forEach(c -> append(safe, c));
        return safe.toString();
    }

    /** As {@link #of}, but a text of several lines stays one. */
    static String lines(String text) {
        return text.lines().map(Printable::of).collect(Collectors.joining("\n"));
    }

    private static void append(StringBuilder safe, int c) {
        if (unsafe(c)) {
            safe.append("\\x").append("%02x".formatted(c));
        } else {
            safe.append((char) c);
        }
    }

    private static boolean unsafe(int c) {
        return (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0);
    }
}
