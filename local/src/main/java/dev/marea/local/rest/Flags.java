package dev.marea.local.rest;

import dev.marea.wire.http.Request;

/** Query parameters that are true or false, read as an API server reads them. */
final class Flags {
    private Flags() {}

    /**
     * Absent, {@code 0} and {@code false} are false; everything else is true ({@code True}, {@code
     * 1}).
     */
    static boolean of(Request request, String name) {
        return request.parameter(name)
                .filter(value -> !value.equals("0") && !value.equalsIgnoreCase("false"))
                .isPresent();
    }
}
