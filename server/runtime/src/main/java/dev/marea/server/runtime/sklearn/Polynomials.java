package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.ArrayList;
import java.util.List;

/** Products of columns. */
final class Polynomials {
    private Polynomials() {}

    /**
     * Each product is one of those before it, times a column.
     *
     * @param before the product that it goes on from; -1 for one
     * @param times the column; -1 for none
     * @param skipped how many of the first are not given
     * @param bias whether a one comes first
     */
    record Products(int columnsIn, int[] before, int[] times, int skipped, boolean bias)
            implements NumericStep {
        @Override
        public int columnsOut() {
            return before.length - skipped + (bias ? 1 : 0);
        }

        @Override
        public Matrix apply(Matrix rows) {
            int width = columnsOut();
            int first = bias ? 1 : 0;
            var out = new double[Math.multiplyExact(rows.rows(), width)];
            var products = new double[before.length];
            for (int row = 0; row < rows.rows(); row++) {
                for (int i = 0; i < products.length; i++) {
                    double factor = rows.at(row, times[i]);
                    products[i] = before[i] < 0 ? factor : products[before[i]] * factor;
                }
                if (bias) {
                    out[row * width] = 1;
                }
                System.arraycopy(products, skipped, out, row * width + first, width - first);
            }
            return new Matrix(rows.rows(), width, out);
        }
    }

    static Estimator read(State state) throws LoadFailure {
        int columns = state.size("n_features_in_");
        int[] degrees = degrees(state);
        boolean distinct = state.flag("interaction_only", false);
        var before = new ArrayList<Integer>();
        var times = new ArrayList<Integer>();
        int skipped = 0;
        List<Integer> starts = List.of();
        for (int degree = 1; degree <= degrees[1]; degree++) {
            starts =
                    degree == 1
                            ? columns(state, columns, before, times)
                            : products(state, starts, columns, distinct, before, times);
            if (degree < degrees[0]) {
                skipped = before.size();
            }
        }
        return new Transformer(
                new Products(
                        columns,
                        before.stream().mapToInt(Integer::intValue).toArray(),
                        times.stream().mapToInt(Integer::intValue).toArray(),
                        skipped,
                        state.flag("include_bias", true)));
    }

    /** The least and the highest degree, which may be said as a pair. */
    private static int[] degrees(State state) throws LoadFailure {
        var said = state.needed("degree");
        if (said instanceof PyValue.Sequence) {
            var pair = state.items("degree");
            if (pair.size() != 2) {
                throw state.failure("degree must be a number or a pair");
            }
            return new int[] {state.size(pair.get(0), "degree"), state.size(pair.get(1), "degree")};
        }
        return new int[] {0, state.size("degree")};
    }

    private static List<Integer> columns(
            State state, int columns, List<Integer> before, List<Integer> times)
            throws LoadFailure {
        var starts = new ArrayList<Integer>();
        state.charge(columns);
        for (int column = 0; column < columns; column++) {
            starts.add(before.size());
            before.add(-1);
            times.add(column);
        }
        starts.add(before.size());
        return starts;
    }

    /**
     * The products of one degree more: each column times those of the last degree that begin with
     * it or a later one.
     *
     * @param starts where those of the last degree begin, by their first column
     */
    private static List<Integer> products(
            State state,
            List<Integer> starts,
            int columns,
            boolean distinct,
            List<Integer> before,
            List<Integer> times)
            throws LoadFailure {
        var next = new ArrayList<Integer>();
        int end = starts.getLast();
        for (int column = 0; column < columns; column++) {
            next.add(before.size());
            int start = starts.get(distinct ? column + 1 : column);
            state.charge(Math.max(0, end - start));
            for (int product = start; product < end; product++) {
                before.add(product);
                times.add(column);
            }
        }
        next.add(before.size());
        return next;
    }
}
