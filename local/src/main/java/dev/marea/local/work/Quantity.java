package dev.marea.local.work;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Amounts as Kubernetes writes them: {@code 500m}, {@code 2Gi}, {@code 1e9}. */
public final class Quantity {
    private static final Pattern FORM =
            Pattern.compile(
                    "([+-]?[0-9]{1,18}(?:\\.[0-9]{0,18})?)([eE][+-]?[0-9]{1,2}|[a-zA-Z]{0,2})");
    private static final Map<String, BigDecimal> UNITS =
            Map.ofEntries(
                    Map.entry("", BigDecimal.ONE),
                    Map.entry("n", new BigDecimal("1e-9")),
                    Map.entry("u", new BigDecimal("1e-6")),
                    Map.entry("m", new BigDecimal("1e-3")),
                    Map.entry("k", new BigDecimal("1e3")),
                    Map.entry("M", new BigDecimal("1e6")),
                    Map.entry("G", new BigDecimal("1e9")),
                    Map.entry("T", new BigDecimal("1e12")),
                    Map.entry("P", new BigDecimal("1e15")),
                    Map.entry("E", new BigDecimal("1e18")),
                    Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
                    Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
                    Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
                    Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
                    Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
                    Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private Quantity() {}

    /** Whole units, rounded up; empty if it is no quantity. */
    public static OptionalLong units(String text) {
        return scaled(text, BigDecimal.ONE);
    }

    public static OptionalLong milli(String text) {
        return scaled(text, BigDecimal.valueOf(1000));
    }

    private static OptionalLong scaled(String text, BigDecimal by) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return OptionalLong.empty();
        }
        var suffix = form.group(2);
        var number = new BigDecimal(form.group(1));
        var unit = UNITS.get(suffix);
        if (unit == null) {
            if (suffix.length() < 2 || Character.isLetter(suffix.charAt(1))) {
                return OptionalLong.empty();
            }
            unit = new BigDecimal("1" + suffix);
        }
        var units = number.multiply(unit).multiply(by);
        return OptionalLong.of(
                units.setScale(0, RoundingMode.CEILING)
                        .min(BigDecimal.valueOf(Long.MAX_VALUE))
                        .longValue());
    }
}
