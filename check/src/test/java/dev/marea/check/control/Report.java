package dev.marea.check.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table at the end: what was measured and what was asked for. */
final class Report {
    private final List<String> lines = new ArrayList<>();

    /** A figure without a target. */
    void say(String what, String value) {
        add("%-62s %14s".formatted(what, value));
    }

    void atLeast(String what, double value, double goal, String unit) {
        row(what, value, ">= ", goal, unit, value >= goal);
    }

    void atMost(String what, double value, double goal, String unit) {
        row(what, value, "<= ", goal, unit, value <= goal);
    }

    private void row(
            String what, double value, String sign, double goal, String unit, boolean met) {
        add(
                String.format(
                        Locale.ROOT,
                        "%-62s %9.2f %-4s goal %s%-7.2f %s",
                        what,
                        value,
                        unit,
                        sign,
                        goal,
                        met ? "met" : "MISSED"));
    }

    private void add(String line) {
        lines.add(line);
        System.out.println(line);
    }

    void print() {
        System.out.println("\n---- ./build bench control ----");
        lines.forEach(System.out::println);
    }

    static double quantile(List<Long> nanos, double q) {
        var sorted = nanos.stream().sorted().toList();
        return sorted.get((int) Math.ceil(q * sorted.size()) - 1) / 1e6;
    }
}
