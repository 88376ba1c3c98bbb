package dev.marea.wire.llm.jinja;

import java.util.regex.Pattern;

/** Python's {@code "{} {name:.2f}".format(...)}: places, names and the common specifications. */
final class BraceFormat {
    private static final Pattern FIELD =
            Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)(?::([^{}]*))?\\}|[{}]");
    private static final Pattern SPECIFICATION =
            Pattern.compile("(?:(.)?([<>^]))?(0)?(\\d{1,3})?(?:\\.(\\d{1,3}))?([a-zA-Z])?");

    private BraceFormat() {}

    static String format(String format, Arguments arguments, Meter meter) {
        var out = new StringBuilder();
        var field = FIELD.matcher(format);
        int end = 0;
        int next = 0;
        boolean numbered = false;
        while (field.find()) {
            out.append(format, end, field.start());
            end = field.end();
            switch (field.group()) {
                case "{{" -> out.append('{');
                case "}}" -> out.append('}');
                case "{", "}" -> throw new Trouble("a format has a single brace");
                default -> {
                    var name = field.group(1);
                    numbered |= !name.isEmpty() && Character.isDigit(name.charAt(0));
                    if (numbered && (next > 0 || name.isEmpty())) {
                        throw new Trouble("a format counts its fields in two ways");
                    }
                    var value = value(name.isEmpty() ? Integer.toString(next++) : name, arguments);
                    out.append(one(value, field.group(2) == null ? "" : field.group(2)));
                }
            }
            meter.text(out.length());
        }
        return out.append(format.substring(end)).toString();
    }

    private static Value value(String name, Arguments arguments) {
        if (!name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return arguments.at(Integer.MAX_VALUE, name);
        }
        return arguments.at(name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name), name);
    }

    private static String one(Value value, String written) {
        var match = SPECIFICATION.matcher(written);
        if (!match.matches()) {
            throw new Trouble("unsupported format specification '" + written + "'");
        }
        int precision = match.group(5) == null ? -1 : Integer.parseInt(match.group(5));
        char kind = match.group(6) == null ? 's' : match.group(6).charAt(0);
        var text = PercentFormat.text(value, precision, kind);
        int width = match.group(4) == null ? 0 : Integer.parseInt(match.group(4));
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        boolean zero = match.group(3) != null;
        var fill = match.group(1) == null ? zero ? "0" : " " : match.group(1);
        var align = match.group(2) == null ? Python.isNumber(value) ? ">" : "<" : match.group(2);
        return switch (align) {
            case ">" -> fill.repeat(missing) + text;
            case "^" -> fill.repeat(missing / 2) + text + fill.repeat(missing - missing / 2);
            default -> text + fill.repeat(missing);
        };
    }
}
