package dev.marea.server.runtime.sklearn;

/** The error function and the normal distribution, to the last bits of a double. */
final class Erf {
    private static final double TWO_BY_ROOT_PI = 2 / Math.sqrt(Math.PI);
    private static final double SERIES_MAX = 3;
    private static final double DONE = 1e-17;

    private Erf() {}

    static double of(double x) {
        double size = Math.abs(x);
        if (Double.isNaN(x)) {
            return x;
        }
        return Math.copySign(size < SERIES_MAX ? series(size) : 1 - fraction(size), x);
    }

    /** How much of the standard normal distribution lies below. */
    static double normalShare(double x) {
        double scaled = Math.abs(x) / Math.sqrt(2);
        double beyond = scaled < SERIES_MAX ? 1 - series(scaled) : fraction(scaled);
        return Double.isNaN(x) ? x : x < 0 ? beyond / 2 : 1 - beyond / 2;
    }

    /** A series of positive terms, so that nothing cancels. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > DONE * sum; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_BY_ROOT_PI * Math.exp(-x * x) * sum;
    }

    /** One minus the function, as a continued fraction from its far end. */
    private static double fraction(double x) {
        double tail = x;
        for (int n = 100; n >= 1; n--) {
            tail = x + n / 2.0 / tail;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
    }
}
