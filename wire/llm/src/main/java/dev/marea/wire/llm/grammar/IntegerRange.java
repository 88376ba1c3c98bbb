package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Integers between two bounds, digit by digit. */
final class IntegerRange {
    static final List<String> BOUNDS =
            List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

    /** No JSON reader is asked for more digits than a long has. */
    private static final long LIMIT = 999_999_999_999_999_999L;

    private IntegerRange() {}

    static String rule(Json.Obj schema, String path, Rules rules) throws UnsupportedSchema {
        if (BOUNDS.stream().noneMatch(schema::has)) {
            return rules.base("integer");
        }
        long min =
                Math.max(
                        bound(schema, "minimum", path, -LIMIT),
                        bound(schema, "exclusiveMinimum", path, -LIMIT - 1) + 1);
        long max =
                Math.min(
                        bound(schema, "maximum", path, LIMIT),
                        bound(schema, "exclusiveMaximum", path, LIMIT + 1) - 1);
        if (min > max) {
            throw new UnsupportedSchema(
                    SchemaCompiler.join(path, "maximum"), "no integer is between the bounds");
        }
        var parts = new ArrayList<String>();
        if (min < 0) {
            parts.add("\"-\" (" + digits(max < 0 ? -max : 1, -min) + ")");
        }
        if (max >= 0) {
            parts.add(digits(Math.max(min, 0), max));
        }
        return rules.add("integer", String.join(" | ", parts), path);
    }

    private static long bound(Json.Obj schema, String name, String path, long otherwise)
            throws UnsupportedSchema {
        var value = schema.at(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        return switch (value.get()) {
            case Json.Int(var n) when Math.abs(n) <= LIMIT -> n;
            case Json.Dec(var d) when d == Math.rint(d) && Math.abs(d) <= LIMIT -> (long) d;
            case Json other ->
                    throw new UnsupportedSchema(
                            SchemaCompiler.join(path, name),
                            name + " must be an integer of at most 18 digits, was " + other);
        };
    }

    /** Numbers without a sign from {@code min} to {@code max}, no leading zeros. */
    private static String digits(long min, long max) {
        var parts = new ArrayList<String>();
        int shortest = Long.toString(min).length();
        int longest = Long.toString(max).length();
        for (int length = shortest; length <= longest; length++) {
            var low = length == shortest ? Long.toString(min) : "1" + "0".repeat(length - 1);
            var high = length == longest ? Long.toString(max) : "9".repeat(length);
            parts.add(between(low, high));
        }
        return String.join(" | ", parts);
    }

    /** Digits of one length, from {@code low} to {@code high}. */
    private static String between(String low, String high) {
        int length = low.length();
        if (length == 0) {
            return "";
        }
        boolean all = low.chars().allMatch(c -> c == '0') && high.chars().allMatch(c -> c == '9');
        if (all) {
            return "[0-9]{" + length + "}";
        }
        char from = low.charAt(0);
        char to = high.charAt(0);
        if (from == to) {
            return joined("\"" + from + "\"", between(low.substring(1), high.substring(1)));
        }
        var nines = "9".repeat(length - 1);
        var zeros = "0".repeat(length - 1);
        var parts = new ArrayList<String>();
        boolean wholeLow = low.substring(1).equals(zeros);
        boolean wholeHigh = high.substring(1).equals(nines);
        if (!wholeLow) {
            parts.add(joined("\"" + from + "\"", between(low.substring(1), nines)));
        }
        char first = wholeLow ? from : (char) (from + 1);
        char last = wholeHigh ? to : (char) (to - 1);
        if (first <= last) {
            parts.add(joined("[" + first + "-" + last + "]", between(zeros, nines)));
        }
        if (!wholeHigh) {
            parts.add(joined("\"" + to + "\"", between(zeros, high.substring(1))));
        }
        return "(" + String.join(" | ", parts) + ")";
    }

    private static String joined(String first, String rest) {
        return rest.isEmpty() ? first : first + " " + rest;
    }
}
