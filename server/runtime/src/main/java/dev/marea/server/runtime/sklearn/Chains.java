package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/** Estimators in a row, each of which also sees what those before it answered. */
final class Chains {
    private Chains() {}

    /**
     * @param fed what an estimator adds to the columns of the next
     * @param asked what it answers
     * @param order the output that each estimator is for
     */
    private record Chain(int columnsIn, List<Step> fed, List<Step> asked, int[] order)
            implements NumericStep {
        @Override
        public int columnsOut() {
            return order.length;
        }

        @Override
        public Matrix apply(Matrix rows) throws BadInput {
            int width = columnsOut();
            int wide = columnsIn + width;
            Data.room(rows.rows(), wide);
            var all = new double[rows.rows() * wide];
            var out = new double[rows.rows() * width];
            for (int row = 0; row < rows.rows(); row++) {
                System.arraycopy(rows.values(), row * columnsIn, all, row * wide, columnsIn);
            }
            for (int i = 0; i < width; i++) {
                var seen = narrow(all, rows.rows(), wide, columnsIn + i);
                var answers = asked.get(i).then(seen).dense();
                @SuppressWarnings("ReferenceEquality") // the very same step: asked once
                boolean same = asked.get(i) == fed.get(i);
                var added = same ? answers : fed.get(i).then(seen).dense();
                for (int row = 0; row < rows.rows(); row++) {
                    out[row * width + order[i]] = answers.values()[row];
                    all[row * wide + columnsIn + i] = added.values()[row];
                }
            }
            return new Matrix(rows.rows(), width, out);
        }

        private static Matrix narrow(double[] all, int rows, int wide, int columns) {
            var some = new double[rows * columns];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(all, row * wide, some, row * columns, columns);
            }
            return new Matrix(rows, columns, some);
        }
    }

    /** Classifiers answer with numbers, whatever type their labels have. */
    static Estimator read(State state) throws LoadFailure {
        int columns = state.size("n_features_in_");
        var parts = Parts.read(state, "estimators_");
        var order = state.indices(state.needed("order_"), "order_", parts.count());
        if (order.length != parts.count() || !isPermutation(order)) {
            throw state.failure("order_ must have each of " + parts.count() + " outputs once");
        }
        for (int i = 0; i < parts.count(); i++) {
            if (parts.all().get(i).step().columnsIn() != columns + i) {
                throw state.failure(
                        "estimator %d does not take %d columns".formatted(i, columns + i));
            }
        }
        var fed = steps(state, parts, method(state));
        var ways = new EnumMap<Method, Step>(Method.class);
        for (var method : List.of(Method.PREDICT, Method.PREDICT_PROBA, Method.DECISION_FUNCTION)) {
            if (parts.allAnswer(method)) {
                ways.put(method, new Chain(columns, fed, steps(state, parts, method), order));
            }
        }
        return new ByMethod(List.of(), false, false, ways);
    }

    private static boolean isPermutation(int[] order) {
        var seen = new boolean[order.length];
        for (int place : order) {
            if (seen[place]) {
                return false;
            }
            seen[place] = true;
        }
        return true;
    }

    private static Method method(State state) throws LoadFailure {
        return Method.named(state.text("chain_method_").orElse("predict"))
                .orElseThrow(() -> state.unsupported("the chain method"));
    }

    private static List<Step> steps(State state, Parts parts, Method method) throws LoadFailure {
        var steps = new ArrayList<Step>();
        for (var part : parts.all()) {
            steps.add(
                    switch (method) {
                        case PREDICT -> Parts.oneColumn(state, Parts.values(state, part));
                        case PREDICT_PROBA -> Parts.second(state, Parts.way(state, part, method));
                        case DECISION_FUNCTION, TRANSFORM, EXPLAIN ->
                                Parts.oneColumn(state, Parts.way(state, part, method));
                    });
        }
        return steps;
    }
}
