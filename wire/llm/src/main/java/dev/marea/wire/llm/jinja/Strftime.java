package dev.marea.wire.llm.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates as C's strftime writes them in its own locale. */
final class Strftime {
    private Strftime() {}

    static String format(String format, ZonedDateTime time) {
        var out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char letter = format.charAt(++i);
            boolean bare = letter == '-' && i + 1 < format.length();
            var text = directive(bare ? format.charAt(++i) : letter, time);
            out.append(bare ? text.replaceFirst("^0+(?=.)", "") : text);
        }
        return out.toString();
    }

    private static String directive(char letter, ZonedDateTime time) {
        return switch (letter) {
            case 'Y' -> by("yyyy", time);
            case 'y' -> by("yy", time);
            case 'm' -> by("MM", time);
            case 'd' -> by("dd", time);
            case 'e' -> "%2d".formatted(time.getDayOfMonth());
            case 'H' -> by("HH", time);
            case 'I' -> by("hh", time);
            case 'M' -> by("mm", time);
            case 'S' -> by("ss", time);
            case 'f' -> by("SSSSSS", time);
            case 'j' -> by("DDD", time);
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'A' -> by("EEEE", time);
            case 'a' -> by("EEE", time);
            case 'B' -> by("MMMM", time);
            case 'b', 'h' -> by("MMM", time);
            case 'Z' -> "";
            case 'z' -> "";
            case 'F' -> by("yyyy-MM-dd", time);
            case 'T' -> by("HH:mm:ss", time);
            case 'D', 'x' -> by("MM/dd/yy", time);
            case 'X' -> by("HH:mm:ss", time);
            case 'R' -> by("HH:mm", time);
            case 'c' ->
                    by("EEE MMM", time)
                            + " %2d ".formatted(time.getDayOfMonth())
                            + by("HH:mm:ss yyyy", time);
            case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> "%" + letter;
        };
    }

    private static String by(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }
}
