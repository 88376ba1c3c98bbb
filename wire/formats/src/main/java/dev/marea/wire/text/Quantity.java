package dev.marea.wire.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Amounts as Kubernetes writes them: {@code 500m}, {@code 2Gi}, {@code 1e9}. */
public final class Quantity {
    /** What kube-apiserver says to one that is none. */
    public static final String SYNTAX =
            "quantities must match the regular expression"
                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final Pattern FORM =
            Pattern.compile(
                    "(?<number>[+-]?(?:[0-9]{1,30}(?:\\.[0-9]{0,30})?|\\.[0-9]{1,30}))"
                            + "(?<unit>[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,9})?");
    private static final String BINARY = "KMGTPE";
    private static final String DECIMAL = "numkMGTPE";
    private static final int[] POWERS = {-9, -6, -3, 3, 6, 9, 12, 15, 18};

    /**
     * A power of ten beyond this stands for no amount of anything, and would cost to reckon with.
     */
    private static final int EXPONENT_DIGITS_MAX = 3;

    private Quantity() {}

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /** Whole units, rounded up; empty if it is no quantity. */
    public static OptionalLong units(String text) {
        return scaled(text, BigDecimal.ONE);
    }

    /** Thousandths, rounded up; empty if it is no quantity. */
    public static OptionalLong milli(String text) {
        return scaled(text, BigDecimal.valueOf(1000));
    }

    private static OptionalLong scaled(String text, BigDecimal by) {
        return amount(text)
                .map(amount -> OptionalLong.of(whole(amount.multiply(by))))
                .orElse(OptionalLong.empty());
    }

    private static long whole(BigDecimal amount) {
        return amount.setScale(0, RoundingMode.CEILING)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .max(BigDecimal.valueOf(Long.MIN_VALUE))
                .longValue();
    }

    /** Compares two amounts; what is none compares as zero. */
    public static int compare(String a, String b) {
        return amount(a).orElse(BigDecimal.ZERO).compareTo(amount(b).orElse(BigDecimal.ZERO));
    }

    private static Optional<BigDecimal> amount(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        var number = new BigDecimal(form.group("number"));
        var unit = Optional.ofNullable(form.group("unit")).orElse("");
        if (unit.isEmpty()) {
            return Optional.of(number);
        }
        if (unit.endsWith("i")) {
            int power = BINARY.indexOf(unit.charAt(0)) + 1;
            return Optional.of(number.multiply(BigDecimal.valueOf(1024).pow(power)));
        }
        if (unit.length() == 1) {
            return Optional.of(number.scaleByPowerOfTen(POWERS[DECIMAL.indexOf(unit.charAt(0))]));
        }
        return unit.length() > EXPONENT_DIGITS_MAX + 1
                ? Optional.empty()
                : Optional.of(number.scaleByPowerOfTen(Integer.parseInt(unit.substring(1))));
    }
}
