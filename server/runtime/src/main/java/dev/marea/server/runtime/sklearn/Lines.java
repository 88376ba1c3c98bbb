package dev.marea.server.runtime.sklearn;

/** Lines from point to point, as numpy draws them. */
final class Lines {
    private Lines() {}

    /** The height at a place; left of the first point and right of the last it stays level. */
    static double at(double[] x, double[] y, double value) {
        int last = x.length - 1;
        if (value >= x[last]) {
            return y[last];
        }
        if (value < x[0]) {
            return y[0];
        }
        int left = 0;
        int right = last;
        while (right - left > 1) {
            int middle = (left + right) >>> 1;
            if (x[middle] <= value) {
                left = middle;
            } else {
                right = middle;
            }
        }
        double slope = (y[left + 1] - y[left]) / (x[left + 1] - x[left]);
        return slope * (value - x[left]) + y[left];
    }
}
