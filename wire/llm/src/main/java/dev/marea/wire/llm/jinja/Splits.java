package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ways in which Python cuts a str into a list. */
final class Splits {
    private Splits() {}

    static Value split(String text, Arguments arguments, Meter meter) {
        var separator = separator(arguments);
        long most = arguments.integer(1, "maxsplit", -1);
        return list(
                separator.isEmpty() ? words(text, most) : at(text, separator.get(), most), meter);
    }

    static Value rsplit(String text, Arguments arguments, Meter meter) {
        var separator = separator(arguments);
        long most = arguments.integer(1, "maxsplit", -1);
        if (separator.isEmpty() || most < 0) {
            return split(text, arguments, meter);
        }
        var parts = new ArrayList<String>();
        var rest = text;
        int at = rest.lastIndexOf(separator.get());
        while (at >= 0 && parts.size() < most) {
            parts.addFirst(rest.substring(at + separator.get().length()));
            rest = rest.substring(0, at);
            at = rest.lastIndexOf(separator.get());
        }
        parts.addFirst(rest);
        return list(parts, meter);
    }

    private static Optional<String> separator(Arguments arguments) {
        var separator =
                arguments.find(0, "sep").filter(v -> !(v instanceof Value.None)).map(Python::text);
        if (separator.filter(String::isEmpty).isPresent()) {
            throw new Trouble("empty separator");
        }
        return separator;
    }

    private static List<String> at(String text, String separator, long most) {
        var parts = new ArrayList<String>();
        int from = 0;
        int at = text.indexOf(separator);
        while (at >= 0 && (most < 0 || parts.size() < most)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> words(String text, long most) {
        var parts = new ArrayList<String>();
        int at = 0;
        while (true) {
            while (at < text.length() && Words.isSpace(text.codePointAt(at))) {
                at += Character.charCount(text.codePointAt(at));
            }
            if (at == text.length()) {
                return parts;
            }
            if (most >= 0 && parts.size() == most) {
                parts.add(Words.strip(text.substring(at), Arguments.NONE, false, true));
                return parts;
            }
            int from = at;
            while (at < text.length() && !Words.isSpace(text.codePointAt(at))) {
                at += Character.charCount(text.codePointAt(at));
            }
            parts.add(text.substring(from, at));
        }
    }

    static Value lines(String text, boolean keepEnds, Meter meter) {
        var lines = new ArrayList<String>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\n' && c != '\r' && c != 0x0B && c != 0x0C && c != 0x85 && c != 0x2028) {
                continue;
            }
            int end =
                    c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n'
                            ? i + 2
                            : i + 1;
            lines.add(text.substring(from, keepEnds ? end : i));
            from = end;
            i = end - 1;
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return list(lines, meter);
    }

    static Value partition(String text, String separator, boolean last) {
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return last ? triple("", "", text) : triple(text, "", "");
        }
        return triple(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    private static Value triple(String a, String b, String c) {
        return Value.tuple(List.of(Value.of(a), Value.of(b), Value.of(c)));
    }

    private static Value list(List<String> parts, Meter meter) {
        meter.items(parts.size());
        return Value.list(parts.stream().map(Value::of).toList());
    }
}
