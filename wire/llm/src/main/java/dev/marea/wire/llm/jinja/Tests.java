package dev.marea.wire.llm.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** What {@code is} can ask. */
final class Tests {
    interface Test {
        boolean holds(Value value, Arguments arguments);
    }

    private static final Map<String, Test> ALL = all();

    private Tests() {}

    static Optional<Test> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, Test> all() {
        var tests = new HashMap<String, Test>();
        kinds(tests);
        numbers(tests);
        comparisons(tests);
        tests.put("lower", (v, _) -> cased(v, true));
        tests.put("upper", (v, _) -> cased(v, false));
        tests.put("filter", (v, _) -> Filters.find(Python.text(v)).isPresent());
        tests.put("test", (v, _) -> find(Python.text(v)).isPresent());
        tests.put("escaped", (_, _) -> false);
        return Map.copyOf(tests);
    }

    private static void kinds(Map<String, Test> tests) {
        tests.put("defined", (v, _) -> !(v instanceof Value.Undefined));
        tests.put("undefined", (v, _) -> v instanceof Value.Undefined);
        tests.put("none", (v, _) -> v instanceof Value.None);
        tests.put("string", (v, _) -> v instanceof Value.Str);
        tests.put("mapping", (v, _) -> v instanceof Value.Dict);
        tests.put("boolean", (v, _) -> v instanceof Value.Bool);
        tests.put("true", (v, _) -> v.equals(Values.TRUE));
        tests.put("false", (v, _) -> v.equals(Values.FALSE));
        tests.put("callable", (v, _) -> v instanceof Value.Function);
        tests.put("sequence", (v, _) -> items(v));
        tests.put("iterable", (v, _) -> items(v));
    }

    private static boolean items(Value value) {
        return value instanceof Value.Str
                || value instanceof Value.Seq
                || value instanceof Value.Dict
                || value instanceof Value.Undefined;
    }

    private static void numbers(Map<String, Test> tests) {
        tests.put("number", (v, _) -> Python.isNumber(v));
        tests.put("integer", (v, _) -> v instanceof Value.Int);
        tests.put("float", (v, _) -> v instanceof Value.Dec);
        tests.put("odd", (v, _) -> Math.floorMod(Python.integer(v), 2) == 1);
        tests.put("even", (v, _) -> Math.floorMod(Python.integer(v), 2) == 0);
        tests.put(
                "divisibleby",
                (v, a) -> {
                    long by = Python.integer(a.at(0, "num"));
                    if (by == 0) {
                        throw new Trouble("division by zero");
                    }
                    return Python.integer(v) % by == 0;
                });
    }

    private static void comparisons(Map<String, Test> tests) {
        Test equal = (v, a) -> Python.equal(v, a.at(0, "other"));
        tests.put("eq", equal);
        tests.put("equalto", equal);
        tests.put("==", equal);
        tests.put("sameas", (v, a) -> v.equals(a.at(0, "other")));
        Test unequal = (v, a) -> !Python.equal(v, a.at(0, "other"));
        tests.put("ne", unequal);
        tests.put("!=", unequal);
        order(tests, order -> order < 0, "lt", "<", "lessthan");
        order(tests, order -> order <= 0, "le", "<=");
        order(tests, order -> order > 0, "gt", ">", "greaterthan");
        order(tests, order -> order >= 0, "ge", ">=");
        tests.put("in", (v, a) -> Python.contains(a.at(0, "seq"), v));
    }

    private static void order(Map<String, Test> tests, IntPredicate wanted, String... names) {
        for (var name : names) {
            tests.put(name, (v, a) -> wanted.test(Python.compare(v, a.at(0, "other"))));
        }
    }

    private static boolean cased(Value value, boolean lower) {
        var text = Python.text(value);
        var cased =
                lower
                        ? text.toLowerCase(java.util.Locale.ROOT)
                        : text.toUpperCase(java.util.Locale.ROOT);
        return text.equals(cased) && text.codePoints().anyMatch(Character::isLetter);
    }
}
