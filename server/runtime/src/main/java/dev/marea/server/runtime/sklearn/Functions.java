package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyDict;
import dev.marea.server.runtime.pickle.PyObject;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** FunctionTransformer: nothing at all, or one of numpy's functions by its name. No code is run. */
final class Functions {
    private static final Map<String, DoubleUnaryOperator> NUMPY =
            Map.ofEntries(
                    Map.entry("absolute", Math::abs),
                    Map.entry("abs", Math::abs),
                    Map.entry("fabs", Math::abs),
                    Map.entry("positive", x -> x),
                    Map.entry("negative", x -> -x),
                    Map.entry("sign", Math::signum),
                    Map.entry("square", x -> x * x),
                    Map.entry("sqrt", Math::sqrt),
                    Map.entry("cbrt", Math::cbrt),
                    Map.entry("reciprocal", x -> 1 / x),
                    Map.entry("exp", Math::exp),
                    Map.entry("exp2", x -> Math.pow(2, x)),
                    Map.entry("expm1", Math::expm1),
                    Map.entry("log", Math::log),
                    Map.entry("log1p", Math::log1p),
                    Map.entry("log2", x -> Math.log(x) / Math.log(2)),
                    Map.entry("log10", Math::log10),
                    Map.entry("sin", Math::sin),
                    Map.entry("cos", Math::cos),
                    Map.entry("tan", Math::tan),
                    Map.entry("arcsin", Math::asin),
                    Map.entry("arccos", Math::acos),
                    Map.entry("arctan", Math::atan),
                    Map.entry("sinh", Math::sinh),
                    Map.entry("cosh", Math::cosh),
                    Map.entry("tanh", Math::tanh),
                    Map.entry("arcsinh", Functions::arcsinh),
                    Map.entry("arccosh", x -> Math.log(x + Math.sqrt(x * x - 1))),
                    Map.entry("arctanh", x -> Math.log1p(2 * x / (1 - x)) / 2),
                    Map.entry("floor", Math::floor),
                    Map.entry("ceil", Math::ceil),
                    Map.entry("trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x)),
                    Map.entry("rint", Math::rint),
                    Map.entry("radians", Math::toRadians),
                    Map.entry("deg2rad", Math::toRadians),
                    Map.entry("degrees", Math::toDegrees),
                    Map.entry("rad2deg", Math::toDegrees),
                    Map.entry("isnan", x -> Double.isNaN(x) ? 1 : 0),
                    Map.entry("isinf", x -> Double.isInfinite(x) ? 1 : 0),
                    Map.entry("isfinite", x -> Double.isFinite(x) ? 1 : 0),
                    Map.entry("nan_to_num", Functions::finite));

    private Functions() {}

    /** One function of every number by itself. */
    record Each(int columnsIn, DoubleUnaryOperator function, boolean checks) implements SparseStep {
        @Override
        public int columnsOut() {
            return columnsIn;
        }

        @Override
        public Step sized(int columns) {
            return columnsIn == OPEN ? new Each(columns, function, checks) : this;
        }

        @Override
        public Accepts accepts() {
            return checks ? Accepts.FINITE : Accepts.ANYTHING;
        }

        @Override
        public boolean fillsMissing() {
            return true; // it may, and whoever comes next checks
        }

        @Override
        public Matrix apply(Matrix rows) {
            return new Matrix(rows.rows(), columnsIn, of(rows.values()));
        }

        @Override
        public Data apply(Sparse rows) throws BadInput {
            return function.applyAsDouble(0) == 0
                    ? rows.with(of(rows.values()))
                    : apply(rows.dense());
        }

        private double[] of(double[] values) {
            var out = new double[values.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = function.applyAsDouble(values[i]);
            }
            return out;
        }
    }

    private static double arcsinh(double x) {
        double size = Math.abs(x);
        double square = size * size;
        return Math.copySign(Math.log1p(size + square / (1 + Math.sqrt(1 + square))), x);
    }

    private static double finite(double x) {
        return Double.isNaN(x) ? 0 : Math.clamp(x, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    static Estimator read(State state) throws LoadFailure {
        // Before 1.2 it did not keep the number: whoever stands beside or behind it knows.
        int columns = state.has("n_features_in_") ? state.size("n_features_in_") : Step.OPEN;
        boolean checks = state.flag("validate", false);
        var function = state.value("func");
        if (function.isEmpty() || onlyChecks(function.get())) {
            return new Transformer(checks ? new Each(columns, x -> x, true) : new Pass(columns));
        }
        if (state.value("kw_args")
                .filter(a -> !(a instanceof PyDict d && d.size() == 0))
                .isPresent()) {
            throw state.unsupported("a function with arguments of its own (kw_args)");
        }
        var known = numpy(function.get());
        if (known.isEmpty()) {
            throw state.unsupported("the function " + function.get().kind());
        }
        return new Transformer(new Each(columns, known.get(), checks));
    }

    /** The library's own: histogram boosting lets numbers through so, beside its categories. */
    private static boolean onlyChecks(PyValue function) {
        return function instanceof PyObject partial
                && partial.type().full().equals("functools.partial")
                && !partial.arguments().isEmpty()
                && partial.arguments().getFirst() instanceof PyValue.Global(var module, var name)
                && module.startsWith("sklearn.utils")
                && name.equals("check_array");
    }

    /** What undoes the function, by its own name. */
    static DoubleUnaryOperator inverse(State state) throws LoadFailure {
        var function = state.value("inverse_func");
        if (function.isEmpty()) {
            return DoubleUnaryOperator.identity();
        }
        return numpy(function.get())
                .orElseThrow(() -> state.unsupported("the function " + function.get().kind()));
    }

    private static Optional<DoubleUnaryOperator> numpy(PyValue function) {
        return function instanceof PyValue.Global(var module, var name) && module.equals("numpy")
                ? Optional.ofNullable(NUMPY.get(name))
                : Optional.empty();
    }
}
