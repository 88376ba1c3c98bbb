package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import java.util.List;
import java.util.Map;

/** A line through points, from left to right. */
record Isotonic(double[] x, double[] y, Beyond beyond) {

    /** What there is left of the first point and right of the last. */
    enum Beyond {
        NAN,
        CLIP,
        REFUSED
    }

    static Isotonic of(State state) throws LoadFailure {
        var x = state.vector("X_thresholds_");
        var y = state.vector("y_thresholds_", x.length);
        if (x.length == 0) {
            throw state.failure("X_thresholds_ is empty");
        }
        for (int i = 1; i < x.length; i++) {
            if (!(x[i] > x[i - 1])) {
                throw state.failure("X_thresholds_ does not ascend");
            }
        }
        return new Isotonic(
                x,
                y,
                switch (state.text("out_of_bounds").orElse("nan")) {
                    case "clip" -> Beyond.CLIP;
                    case "nan" -> Beyond.NAN;
                    case "raise" -> Beyond.REFUSED;
                    default -> throw state.failure("out_of_bounds must be nan, clip or raise");
                });
    }

    static Estimator read(State state) throws LoadFailure {
        var line = of(state);
        var step = new RowStep(1, 1, (in, from, out, to) -> out[to] = line.at(in[from]));
        return new ByMethod(
                List.of(), true, false, Map.of(Method.PREDICT, step, Method.TRANSFORM, step));
    }

    double at(double value) throws BadInput {
        int last = x.length - 1;
        if (last == 0) {
            return y[0];
        }
        if (value < x[0] || value > x[last]) {
            return switch (beyond) {
                case NAN -> Double.NaN;
                case CLIP -> value < x[0] ? y[0] : y[last];
                case REFUSED ->
                        throw new BadInput(
                                Data.FIELD,
                                "must lie from %s to %s, has %s".formatted(x[0], x[last], value));
            };
        }
        return Lines.at(x, y, value);
    }
}
