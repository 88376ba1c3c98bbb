package dev.marea.wire.llm.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How Python sees values: truth, text, order, items. */
final class Python {
    private static final int PRINT_DEPTH_MAX = 100;

    private Python() {}

    static boolean truth(Value value) {
        return switch (value) {
            case Value.Undefined _, Value.None _ -> false;
            case Value.Bool(var flag) -> flag;
            case Value.Int(var number) -> number != 0;
            case Value.Dec(var number) -> number != 0;
            case Value.Str(var text, _) -> !text.isEmpty();
            case Value.Seq(var items, _, _) -> !items.isEmpty();
            case Value.Dict(var entries, _) -> !entries.isEmpty();
            case Value.Namespace _, Value.Parts _, Value.Function _ -> true;
        };
    }

    /** As {@code str()} prints it. */
    static String text(Value value) {
        return switch (value) {
            case Value.Str(var text, _) -> text;
            case Value.Undefined _ -> "";
            case Value other -> printed(other, 0);
        };
    }

    /** As {@code repr()} prints it. */
    static String repr(Value value) {
        return printed(value, 0);
    }

    private static String printed(Value value, int depth) {
        if (depth > PRINT_DEPTH_MAX) {
            throw new Trouble("a value nests too deep to be printed");
        }
        return switch (value) {
            case Value.Undefined _ -> "Undefined";
            case Value.None() -> "None";
            case Value.Bool(var flag) -> flag ? "True" : "False";
            case Value.Int(var number) -> Long.toString(number);
            case Value.Dec(var number) -> decimal(number);
            case Value.Str(var text, _) -> quoted(text);
            case Value.Seq(var items, var tuple, _) -> sequence(items, tuple, depth);
            case Value.Dict(var entries, _) ->
                    entries.entrySet().stream()
                            .map(e ->
                                    printed(e.getKey(), depth + 1)
                                            + ": "
                                            + printed(e.getValue(), depth + 1))
                            .collect(Collectors.joining(", ", "{", "}"));
            case Value.Namespace _ -> "<Namespace>";
            case Value.Parts _ -> "<object>";
            case Value.Function(var name, _, _) -> "<function " + name + ">";
        };
    }

    private static String sequence(List<Value> items, boolean tuple, int depth) {
        var text = items.stream().map(i -> printed(i, depth + 1)).collect(Collectors.joining(", "));
        if (!tuple) {
            return "[" + text + "]";
        }
        return "(" + text + (items.size() == 1 ? ",)" : ")");
    }

    static String decimal(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        var exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            var digits = exact.unscaledValue().abs().toString();
            var mantissa =
                    digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "");
            return (number < 0 ? "-" : "")
                    + mantissa
                    + "e"
                    + (exponent < 0 ? "-" : "+")
                    + (Math.abs(exponent) < 10 ? "0" : "")
                    + Math.abs(exponent);
        }
        var plain = exact.toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        var out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> quoted(out, c, quote));
        return out.append(quote).toString();
    }

    private static void quoted(StringBuilder out, int c, char quote) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
                if (c == quote) {
                    out.append('\\').append(quote);
                } else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
                    out.append("\\x").append("%02x".formatted(c));
                } else {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    static long integer(Value value) {
        return switch (value) {
            case Value.Int(var number) -> number;
            case Value.Bool(var flag) -> flag ? 1 : 0;
            case Value.Undefined undefined -> throw undefined.trouble();
            case Value other -> throw new Trouble("an integer is needed, not " + other.type());
        };
    }

    static double number(Value value) {
        return value instanceof Value.Dec(var number) ? number : integer(value);
    }

    static boolean isNumber(Value value) {
        return value instanceof Value.Int
                || value instanceof Value.Dec
                || value instanceof Value.Bool;
    }

    /** What a loop over the value would see. */
    static List<Value> items(Value value) {
        return switch (value) {
            case Value.Undefined _ -> List.of();
            case Value.Seq(var items, _, _) -> items;
            case Value.Dict(var entries, _) -> List.copyOf(entries.keySet());
            case Value.Str(var text, _) -> {
                var items = new ArrayList<Value>();
                text.codePoints().forEach(c -> items.add(Value.of(Character.toString(c))));
                yield items;
            }
            case Value other -> throw new Trouble(other.type() + " cannot be iterated over");
        };
    }

    static long length(Value value) {
        return switch (value) {
            case Value.Undefined _ -> 0;
            case Value.Seq(var items, _, _) -> items.size();
            case Value.Dict(var entries, _) -> entries.size();
            case Value.Str(var text, _) -> text.codePointCount(0, text.length());
            case Value other -> throw new Trouble(other.type() + " has no length");
        };
    }

    static boolean equal(Value left, Value right) {
        if (left instanceof Value.Undefined) {
            return right instanceof Value.Undefined;
        }
        if (isNumber(left) && isNumber(right)) {
            boolean decimals = left instanceof Value.Dec || right instanceof Value.Dec;
            return decimals ? number(left) == number(right) : integer(left) == integer(right);
        }
        if (left instanceof Value.Seq(var a, var leftTuple, _)
                && right instanceof Value.Seq(var b, var rightTuple, _)) {
            return leftTuple == rightTuple && equal(a, b);
        }
        if (left instanceof Value.Dict(var a, _) && right instanceof Value.Dict(var b, _)) {
            return a.size() == b.size()
                    && a.entrySet().stream()
                            .allMatch(e -> {
                                var other = b.get(e.getKey());
                                return other != null && equal(e.getValue(), other);
                            });
        }
        return left.equals(right);
    }

    private static boolean equal(List<Value> a, List<Value> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    static int compare(Value left, Value right) {
        if (isNumber(left) && isNumber(right)) {
            return Double.compare(number(left), number(right));
        }
        if (left instanceof Value.Str(var a, _) && right instanceof Value.Str(var b, _)) {
            return compareTexts(a, b);
        }
        if (left instanceof Value.Seq(var a, _, _) && right instanceof Value.Seq(var b, _, _)) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return compare(a.get(i), b.get(i));
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        throw new Trouble(left.type() + " and " + right.type() + " have no order");
    }

    /** Python orders by code points, Java by halves of surrogate pairs. */
    private static int compareTexts(String a, String b) {
        var left = a.codePoints().iterator();
        var right = b.codePoints().iterator();
        while (left.hasNext() && right.hasNext()) {
            int order = Integer.compare(left.nextInt(), right.nextInt());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    static boolean contains(Value container, Value item) {
        return switch (container) {
            case Value.Str(var text, _) when item instanceof Value.Str(var part, _) ->
                    text.contains(part);
            case Value.Str _ -> throw new Trouble("only a str can be in a str, not " + item.type());
            case Value.Seq(var items, _, _) -> items.stream().anyMatch(i -> equal(i, item));
            case Value.Dict(var entries, _) -> entries.containsKey(item);
            case Value.Undefined _ -> false;
            case Value other -> throw new Trouble(other.type() + " contains nothing");
        };
    }

    /** The text between two places, counted in code points. */
    static String substring(String text, int from, int to) {
        int start = text.offsetByCodePoints(0, from);
        return text.substring(start, text.offsetByCodePoints(start, to - from));
    }
}
