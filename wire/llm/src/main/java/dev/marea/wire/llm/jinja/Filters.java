package dev.marea.wire.llm.jinja;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What can stand behind a bar: the filters of texts and of single values. */
final class Filters {
    interface Filter {
        Value apply(Value value, Arguments arguments, Rendering rendering);
    }

    private static final Map<String, Filter> ALL = all();

    private Filters() {}

    static Optional<Filter> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, Filter> all() {
        var filters = new HashMap<String, Filter>();
        texts(filters);
        longTexts(filters);
        values(filters);
        ListFilters.add(filters);
        PickFilters.add(filters);
        return Map.copyOf(filters);
    }

    private static void texts(Map<String, Filter> filters) {
        filters.put("trim", (v, a, r) -> r.text(Words.strip(Python.text(v), a, true, true)));
        filters.put("upper", (v, _, r) -> r.text(Python.text(v).toUpperCase(Locale.ROOT)));
        filters.put("lower", (v, _, r) -> r.text(Python.text(v).toLowerCase(Locale.ROOT)));
        filters.put("capitalize", (v, _, r) -> r.text(Words.capitalized(Python.text(v))));
        filters.put("title", (v, _, r) -> r.text(Words.headed(Python.text(v))));
        filters.put("string", (v, _, r) -> r.text(Python.text(v)));
        filters.put("safe", (v, _, r) -> Markup.safe(Python.text(v), r.meter()));
        filters.put("escape", (v, _, r) -> Markup.escaped(v, r.meter()));
        filters.put("e", (v, _, r) -> Markup.escaped(v, r.meter()));
        filters.put("pprint", (v, _, r) -> r.text(Python.repr(v)));
        filters.put("replace", (v, a, r) -> TextMethods.replace(Python.text(v), a, r));
        filters.put("tojson", (v, a, r) -> r.text(ToJson.of(v, a, r.meter())));
        filters.put("urlencode", (v, _, r) -> r.text(encoded(Python.text(v))));
        filters.put(
                "format",
                (v, a, r) ->
                        PercentFormat.format(
                                Python.text(v),
                                a.named().isEmpty() ? Value.tuple(a.positional()) : named(a),
                                r.meter()));
    }

    private static Value named(Arguments arguments) {
        var entries = new java.util.LinkedHashMap<Value, Value>();
        arguments.named().forEach((name, value) -> entries.put(Value.of(name), value));
        return new Value.Dict(entries);
    }

    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~")
                .replace("%2F", "/");
    }

    private static void longTexts(Map<String, Filter> filters) {
        filters.put("indent", (v, a, r) -> r.text(indented(Python.text(v), a, r.meter())));
        filters.put("truncate", (v, a, r) -> r.text(truncated(Python.text(v), a)));
        filters.put(
                "wordcount",
                (v, _, r) ->
                        Value.of(
                                Python.length(
                                        Splits.split(Python.text(v), Arguments.NONE, r.meter()))));
        filters.put(
                "center",
                (v, a, r) -> {
                    var width = Value.of(a.integer(0, "width", 80));
                    return TextMethods.find(Python.text(v), "center", r)
                            .filter(Value.Function.class::isInstance)
                            .map(f -> ((Value.Function) f).body().call(Arguments.of(width)))
                            .orElseThrow();
                });
    }

    private static String indented(String text, Arguments arguments, Meter meter) {
        var width = arguments.at(0, "width", Value.of(4));
        var indent =
                width instanceof Value.Str(var given, _)
                        ? given
                        : " ".repeat(Math.clamp(Python.integer(width), 0, 1_000));
        boolean first = arguments.flag(1, "first", false);
        boolean blank = arguments.flag(2, "blank", false);
        meter.text(text.length() + Words.count(text, "\n") * indent.length());
        var out = new StringBuilder();
        var lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            boolean indents = i == 0 ? first : blank || !lines[i].isEmpty();
            out.append(i > 0 ? "\n" : "").append(indents ? indent : "").append(lines[i]);
        }
        return out.toString();
    }

    private static String truncated(String text, Arguments arguments) {
        int length = Math.clamp(arguments.integer(0, "length", 255), 0, Integer.MAX_VALUE);
        boolean words = arguments.flag(1, "killwords", false);
        var end = arguments.text(2, "end", "...");
        long leeway = arguments.integer(3, "leeway", 5);
        if (Python.length(Value.of(text)) <= length + leeway) {
            return text;
        }
        var kept = Python.substring(text, 0, Math.max(0, length - end.length()));
        int space = kept.lastIndexOf(' ');
        return (words || space < 0 ? kept : kept.substring(0, space)) + end;
    }

    private static void values(Map<String, Filter> filters) {
        Filter otherwise =
                (v, a, _) -> {
                    boolean absent =
                            v instanceof Value.Undefined
                                    || (a.flag(1, "boolean", false) && !Python.truth(v));
                    return absent ? a.at(0, "default_value", Values.EMPTY_TEXT) : v;
                };
        filters.put("default", otherwise);
        filters.put("d", otherwise);
        filters.put("int", (v, a, _) -> Numbers.integer(v, a));
        filters.put("float", (v, a, _) -> Numbers.decimal(v, a));
        filters.put("abs", (v, _, _) -> Numbers.absolute(v));
        filters.put("round", (v, a, _) -> Numbers.rounded(v, a));
        filters.put("attr", (v, a, r) -> Access.attribute(v, a.text(0, "name"), r));
    }
}
