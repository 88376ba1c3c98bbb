package dev.marea.wire.llm.jinja;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Python's {@code "%s" % value}. */
final class PercentFormat {
    private static final Pattern DIRECTIVE =
            Pattern.compile("%(?:\\((\\w+)\\))?([-+ 0#]*)(\\d+)?(?:\\.(\\d+))?([a-zA-Z%])");
    private static final int WIDTH_MAX = 1_000;

    private final List<Value> values;
    private final Value all;
    private int next;

    private PercentFormat(Value all) {
        this.all = all;
        this.values =
                all instanceof Value.Seq(var items, var tuple, _) && tuple ? items : List.of(all);
    }

    static Value format(String format, Value arguments, Meter meter) {
        var state = new PercentFormat(arguments);
        var out = new StringBuilder();
        var directive = DIRECTIVE.matcher(format);
        int end = 0;
        while (directive.find()) {
            out.append(format, end, directive.start());
            end = directive.end();
            out.append(
                    state.one(
                            directive.group(1) == null ? "" : directive.group(1),
                            directive.group(2),
                            size(directive.group(3), 0),
                            size(directive.group(4), -1),
                            directive.group(5).charAt(0)));
            meter.text(out.length());
        }
        var text = out.append(format.substring(end)).toString();
        meter.text(text.length());
        return Value.of(text);
    }

    private static int size(@org.jspecify.annotations.Nullable String digits, int otherwise) {
        if (digits == null) {
            return otherwise;
        }
        if (digits.length() > 4 || Integer.parseInt(digits) > WIDTH_MAX) {
            throw new Trouble("a format is wider than " + WIDTH_MAX);
        }
        return Integer.parseInt(digits);
    }

    private String one(String key, String flags, int width, int precision, char kind) {
        if (kind == '%') {
            return "%";
        }
        var value = key.isEmpty() ? positional() : named(key);
        var text = text(value, precision, kind);
        if (flags.indexOf('+') >= 0 && Python.isNumber(value) && !text.startsWith("-")) {
            text = "+" + text;
        }
        return padded(text, flags, width, Python.isNumber(value));
    }

    static String text(Value value, int precision, char kind) {
        return switch (kind) {
            case 's' -> cut(Python.text(value), precision);
            case 'r' -> cut(Python.repr(value), precision);
            case 'd', 'i', 'u' ->
                    value instanceof Value.Dec(var number)
                            ? Long.toString((long) number)
                            : Long.toString(Python.integer(value));
            case 'x' -> Long.toHexString(Python.integer(value));
            case 'X' -> Long.toHexString(Python.integer(value)).toUpperCase(Locale.ROOT);
            case 'o' -> Long.toOctalString(Python.integer(value));
            case 'f', 'F' ->
                    ("%." + (precision < 0 ? 6 : precision) + "f").formatted(Python.number(value));
            case 'e' ->
                    ("%." + (precision < 0 ? 6 : precision) + "e").formatted(Python.number(value));
            default -> throw new Trouble("unsupported format character '" + kind + "'");
        };
    }

    private static String cut(String text, int precision) {
        int length = text.codePointCount(0, text.length());
        return precision < 0 || precision >= length ? text : Python.substring(text, 0, precision);
    }

    private static String padded(String text, String flags, int width, boolean number) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        if (flags.indexOf('-') >= 0) {
            return text + " ".repeat(missing);
        }
        if (flags.indexOf('0') < 0 || !number) {
            return " ".repeat(missing) + text;
        }
        boolean signed = text.startsWith("-") || text.startsWith("+");
        return signed
                ? text.charAt(0) + "0".repeat(missing) + text.substring(1)
                : "0".repeat(missing) + text;
    }

    private Value positional() {
        if (next >= values.size()) {
            throw new Trouble("not enough arguments for format string");
        }
        return values.get(next++);
    }

    private Value named(String key) {
        var value = all instanceof Value.Dict(var entries, _) ? entries.get(Value.of(key)) : null;
        if (value == null) {
            throw new Trouble("the format needs '" + key + "'");
        }
        return value;
    }
}
