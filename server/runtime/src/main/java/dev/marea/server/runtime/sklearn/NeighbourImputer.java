package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.stream.IntStream;

/**
 * Puts the mean of the nearest rows where a value is missing (KNNImputer). Rows are compared by the
 * columns that both have. Of rows that are equally far the first count, where the library takes
 * any.
 *
 * @param known the rows that it was fitted on
 * @param kept the columns that had a value in one of them
 * @param neighbours how many rows count
 * @param nearer whether nearer rows count more
 */
record NeighbourImputer(
        Matrix known, Missing missing, int[] kept, int neighbours, boolean nearer, boolean keepsAll)
        implements NumericStep {
    @Override
    public int columnsIn() {
        return known.columns();
    }

    @Override
    public int columnsOut() {
        return keepsAll ? known.columns() : kept.length;
    }

    @Override
    public Accepts accepts() {
        return missing.accepts();
    }

    @Override
    public boolean fillsMissing() {
        return missing.absent();
    }

    @Override
    public Matrix apply(Matrix rows) {
        int width = columnsOut();
        var out = new double[Math.multiplyExact(rows.rows(), width)];
        var distances = new double[known.rows()];
        for (int row = 0; row < rows.rows(); row++) {
            boolean measured = false;
            for (int i = 0; i < kept.length; i++) {
                int column = kept[i];
                int to = row * width + (keepsAll ? column : i);
                if (!missing.is(rows.at(row, column))) {
                    out[to] = rows.at(row, column);
                    continue;
                }
                if (!measured) {
                    measure(rows, row, distances);
                    measured = true;
                }
                out[to] = imputed(column, distances);
            }
        }
        return new Matrix(rows.rows(), width, out);
    }

    private void measure(Matrix rows, int row, double[] distances) {
        int columns = known.columns();
        for (int other = 0; other < distances.length; other++) {
            double sum = 0;
            int shared = 0;
            for (int column = 0; column < columns; column++) {
                double a = rows.at(row, column);
                double b = known.at(other, column);
                if (!missing.is(a) && !missing.is(b)) {
                    sum += (a - b) * (a - b);
                    shared++;
                }
            }
            distances[other] = shared == 0 ? Double.NaN : Math.sqrt(sum * columns / shared);
        }
    }

    private double imputed(int column, double[] distances) {
        var nearest = new Nearest(neighbours);
        double sum = 0;
        int count = 0;
        for (int row = 0; row < known.rows(); row++) {
            if (!missing.is(known.at(row, column))) {
                sum += known.at(row, column);
                count++;
                if (!Double.isNaN(distances[row])) {
                    nearest.add(distances[row], known.at(row, column));
                }
            }
        }
        return nearest.count == 0 ? sum / count : nearest.mean(nearer);
    }

    /** The values of the nearest rows so far, by distance. */
    private static final class Nearest {
        private final double[] distances;
        private final double[] values;
        private int count;

        Nearest(int most) {
            this.distances = new double[most];
            this.values = new double[most];
        }

        void add(double distance, double value) {
            int at = count;
            while (at > 0 && distances[at - 1] > distance) {
                at--;
            }
            if (at == distances.length) {
                return;
            }
            int moved = Math.min(count, distances.length - 1) - at;
            System.arraycopy(distances, at, distances, at + 1, moved);
            System.arraycopy(values, at, values, at + 1, moved);
            distances[at] = distance;
            values[at] = value;
            count = Math.min(count + 1, distances.length);
        }

        double mean(boolean nearer) {
            boolean same = distances[0] == 0;
            double sum = 0;
            double weights = 0;
            for (int i = 0; i < count; i++) {
                double weight = !nearer ? 1 : same ? (distances[i] == 0 ? 1 : 0) : 1 / distances[i];
                sum += weight * values[i];
                weights += weight;
            }
            return sum / weights;
        }
    }

    static Estimator read(State state) throws LoadFailure {
        if (!state.text("metric").orElse("").equals("nan_euclidean")) {
            throw state.unsupported("a metric of your own");
        }
        boolean nearer =
                switch (state.text("weights").orElse("")) {
                    case "uniform" -> false;
                    case "distance" -> true;
                    default -> throw state.unsupported("weights of your own");
                };
        var missing = Missing.of(state);
        var known = state.matrix("_fit_X");
        var kept =
                IntStream.range(0, known.columns())
                        .filter(column -> hasValue(known, missing, column))
                        .toArray();
        int neighbours = Math.min(state.size("n_neighbors"), known.rows());
        if (neighbours < 1) {
            throw state.failure("n_neighbors must be 1 or more");
        }
        var step =
                new NeighbourImputer(
                        known,
                        missing,
                        kept,
                        neighbours,
                        nearer,
                        state.flag("keep_empty_features", false));
        return new Transformer(Imputer.withIndicator(state, step, missing));
    }

    private static boolean hasValue(Matrix known, Missing missing, int column) {
        for (int row = 0; row < known.rows(); row++) {
            if (!missing.is(known.at(row, column))) {
                return true;
            }
        }
        return false;
    }
}
