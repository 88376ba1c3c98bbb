package dev.marea.app.cli;

import org.jspecify.annotations.Nullable;

/** Which port it shall be: the flag's, else the variable's, else the settings'. */
final class Ports {
    private static final int MAX = 65_535;

    private Ports() {}

    static int choose(@Nullable Integer flag, String variable, String name, int otherwise)
            throws Failure {
        if (flag != null) {
            return valid("the port", flag);
        }
        try {
            return variable.isEmpty() ? otherwise : valid(name, Integer.parseInt(variable));
        } catch (NumberFormatException bad) {
            throw Failure.misuse(name + " must be a port number, was '" + variable + "'");
        }
    }

    private static int valid(String what, int port) throws Failure {
        if (port < 0 || port > MAX) {
            throw Failure.misuse(what + " must be 0 (any free one) to " + MAX + ", was " + port);
        }
        return port;
    }
}
