package dev.marea.local.schema;

import dev.marea.wire.json.Json;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** The syntax of amounts such as {@code 500m}, {@code 2Gi} and {@code 1e3}. */
final class Quantity {
    static final String MESSAGE =
            "quantities must match the regular expression"
                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final Pattern SYNTAX =
            Pattern.compile(
                    "[+-]?([0-9]{1,30}(\\.[0-9]{0,30})?|\\.[0-9]{1,30})"
                            + "([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,9})?");

    private static final String BINARY = "KMGTPE";
    private static final String DECIMAL = "numkMGTPE";
    private static final int[] POWERS = {-9, -6, -3, 3, 6, 9, 12, 15, 18};
    private static final int EXPONENT_DIGITS_MAX = 3;

    private Quantity() {}

    /** Compares two amounts; what is none compares as zero. */
    static int compare(Json a, Json b) {
        return amount(a).compareTo(amount(b));
    }

    private static BigDecimal amount(Json value) {
        return value instanceof Json.Str(var text) && isValid(text) ? parse(text) : BigDecimal.ZERO;
    }

    private static BigDecimal parse(String text) {
        int end = 0;
        while (end < text.length() && "+-.0123456789".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        var number = new BigDecimal(text.substring(0, end));
        var unit = text.substring(end);
        if (unit.endsWith("i")) {
            return number.multiply(
                    BigDecimal.valueOf(1024).pow(BINARY.indexOf(unit.charAt(0)) + 1));
        }
        if (unit.length() > 1) {
            boolean huge = unit.length() > EXPONENT_DIGITS_MAX + 1;
            return huge
                    ? BigDecimal.ZERO
                    : number.scaleByPowerOfTen(Integer.parseInt(unit.substring(1)));
        }
        return unit.isEmpty()
                ? number
                : number.scaleByPowerOfTen(POWERS[DECIMAL.indexOf(unit.charAt(0))]);
    }

    static boolean isValid(String text) {
        return SYNTAX.matcher(text).matches();
    }
}
