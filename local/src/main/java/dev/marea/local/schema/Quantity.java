package dev.marea.local.schema;

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

    private Quantity() {}

    static boolean isValid(String text) {
        return SYNTAX.matcher(text).matches();
    }
}
