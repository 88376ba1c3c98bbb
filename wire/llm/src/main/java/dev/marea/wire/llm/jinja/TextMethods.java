package dev.marea.wire.llm.jinja;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The methods of Python's str. */
final class TextMethods {
    private interface Method {
        Value call(String text, Arguments arguments, Rendering rendering);
    }

    private static final Map<String, Method> ALL = all();

    private TextMethods() {}

    static Optional<Value> find(String text, String name, Rendering rendering) {
        return Optional.ofNullable(ALL.get(name))
                .map(method ->
                        new Value.Function(
                                name,
                                arguments -> {
                                    rendering.meter().work(text.length());
                                    return method.call(text, arguments, rendering);
                                }));
    }

    private static Map<String, Method> all() {
        var methods = new HashMap<String, Method>();
        cases(methods);
        stripping(methods);
        searching(methods);
        questions(methods);
        splitting(methods);
        methods.put("replace", TextMethods::replace);
        methods.put("join", (t, a, r) -> join(t, a.at(0, "iterable"), r));
        methods.put("format", (t, a, r) -> r.text(BraceFormat.format(t, a, r.meter())));
        methods.put("zfill", (t, a, r) -> pad(t, a, r, "0", Pad.LEFT));
        methods.put("ljust", (t, a, r) -> pad(t, a, r, a.text(1, "fillchar", " "), Pad.RIGHT));
        methods.put("rjust", (t, a, r) -> pad(t, a, r, a.text(1, "fillchar", " "), Pad.LEFT));
        methods.put("center", (t, a, r) -> pad(t, a, r, a.text(1, "fillchar", " "), Pad.BOTH));
        return Map.copyOf(methods);
    }

    private static void cases(Map<String, Method> methods) {
        methods.put("upper", (t, _, _) -> Value.of(t.toUpperCase(Locale.ROOT)));
        methods.put("lower", (t, _, _) -> Value.of(t.toLowerCase(Locale.ROOT)));
        methods.put("casefold", (t, _, _) -> Value.of(t.toLowerCase(Locale.ROOT)));
        methods.put("capitalize", (t, _, _) -> Value.of(Words.capitalized(t)));
        methods.put("title", (t, _, _) -> Value.of(Words.titled(t)));
    }

    private static void stripping(Map<String, Method> methods) {
        methods.put("strip", (t, a, _) -> Value.of(Words.strip(t, a, true, true)));
        methods.put("lstrip", (t, a, _) -> Value.of(Words.strip(t, a, true, false)));
        methods.put("rstrip", (t, a, _) -> Value.of(Words.strip(t, a, false, true)));
        methods.put(
                "removeprefix",
                (t, a, _) -> {
                    var part = a.text(0, "prefix");
                    return Value.of(t.startsWith(part) ? t.substring(part.length()) : t);
                });
        methods.put(
                "removesuffix",
                (t, a, _) -> {
                    var part = a.text(0, "suffix");
                    return Value.of(
                            t.endsWith(part) ? t.substring(0, t.length() - part.length()) : t);
                });
    }

    private static void searching(Map<String, Method> methods) {
        methods.put("startswith", (t, a, _) -> Value.of(any(a, part -> starts(t, part, a))));
        methods.put("endswith", (t, a, _) -> Value.of(any(a, t::endsWith)));
        methods.put("find", (t, a, _) -> Value.of(place(t, t.indexOf(a.text(0, "sub")))));
        methods.put("rfind", (t, a, _) -> Value.of(place(t, t.lastIndexOf(a.text(0, "sub")))));
        methods.put("index", (t, a, _) -> found(t, t.indexOf(a.text(0, "sub"))));
        methods.put("rindex", (t, a, _) -> found(t, t.lastIndexOf(a.text(0, "sub"))));
        methods.put("count", (t, a, _) -> Value.of(Words.count(t, a.text(0, "sub"))));
    }

    private static boolean starts(String text, String part, Arguments arguments) {
        long from = arguments.integer(1, "start", 0);
        long length = text.codePointCount(0, text.length());
        long at = Math.clamp(from < 0 ? from + length : from, 0, length);
        return text.startsWith(part, text.offsetByCodePoints(0, (int) at));
    }

    private static boolean any(Arguments arguments, java.util.function.Predicate<String> test) {
        return arguments.at(0, "prefix") instanceof Value.Seq(var parts, _, _)
                ? parts.stream().anyMatch(part -> test.test(Python.text(part)))
                : test.test(arguments.text(0, "prefix"));
    }

    private static long place(String text, int at) {
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    private static Value found(String text, int at) {
        if (at < 0) {
            throw new Trouble("substring not found");
        }
        return Value.of(place(text, at));
    }

    private static void questions(Map<String, Method> methods) {
        methods.put("isdigit", all(Character::isDigit));
        methods.put("isdecimal", all(Character::isDigit));
        methods.put("isnumeric", all(Character::isDigit));
        methods.put("isalpha", all(Character::isLetter));
        methods.put("isalnum", all(Character::isLetterOrDigit));
        methods.put("isspace", all(Words::isSpace));
        methods.put(
                "isupper",
                (t, _, _) -> Value.of(cased(t, Character::isLowerCase, Character::isUpperCase)));
        methods.put(
                "islower",
                (t, _, _) -> Value.of(cased(t, Character::isUpperCase, Character::isLowerCase)));
    }

    private static Method all(IntPredicate test) {
        return (text, _, _) -> Value.of(!text.isEmpty() && text.codePoints().allMatch(test));
    }

    private static boolean cased(String text, IntPredicate never, IntPredicate once) {
        return text.codePoints().noneMatch(never) && text.codePoints().anyMatch(once);
    }

    private static void splitting(Map<String, Method> methods) {
        methods.put("split", (t, a, r) -> Splits.split(t, a, r.meter()));
        methods.put("rsplit", (t, a, r) -> Splits.rsplit(t, a, r.meter()));
        methods.put(
                "splitlines",
                (t, a, r) -> Splits.lines(t, a.flag(0, "keepends", false), r.meter()));
        methods.put("partition", (t, a, _) -> Splits.partition(t, a.text(0, "sep"), false));
        methods.put("rpartition", (t, a, _) -> Splits.partition(t, a.text(0, "sep"), true));
    }

    static Value replace(String text, Arguments arguments, Rendering rendering) {
        var old = arguments.text(0, "old");
        var fresh = arguments.text(1, "new");
        long times =
                arguments
                        .find(2, "count")
                        .filter(v -> !(v instanceof Value.None))
                        .map(Python::integer)
                        .orElse(-1L);
        long found = old.isEmpty() ? text.length() + 1L : Words.count(text, old);
        long replaced = times < 0 ? found : Math.min(times, found);
        rendering
                .meter()
                .text(text.length() + replaced * Math.max(0, fresh.length() - old.length()));
        return Value.of(
                replaced == found ? text.replace(old, fresh) : some(text, old, fresh, replaced));
    }

    private static String some(String text, String old, String fresh, long times) {
        var out = new StringBuilder();
        int from = 0;
        for (long i = 0; i < times; i++) {
            int at = text.indexOf(old, from);
            out.append(text, from, at).append(fresh);
            from = at + old.length();
        }
        return out.append(text.substring(from)).toString();
    }

    static Value join(String between, Value items, Rendering rendering) {
        var out = new StringBuilder();
        boolean first = true;
        for (var item : rendering.items(items)) {
            out.append(first ? "" : between).append(Python.text(item));
            if (out.length() > 1 << 16) {
                rendering.meter().text(out.length());
            }
            first = false;
        }
        return rendering.text(out.toString());
    }

    private enum Pad {
        LEFT,
        RIGHT,
        BOTH
    }

    private static Value pad(
            String text, Arguments arguments, Rendering rendering, String fill, Pad side) {
        long width = Python.integer(arguments.at(0, "width"));
        rendering.meter().text(width);
        int missing = (int) Math.max(0, width - text.codePointCount(0, text.length()));
        return Value.of(
                switch (side) {
                    case LEFT -> fill.repeat(missing) + text;
                    case RIGHT -> text + fill.repeat(missing);
                    case BOTH ->
                            fill.repeat(missing / 2) + text + fill.repeat(missing - missing / 2);
                });
    }
}
