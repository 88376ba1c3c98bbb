package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyObject;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Guesses what is missing from the other columns, one column after another, round by round
 * (IterativeImputer).
 *
 * @param first fills everything before the first round
 * @param guesses in the order of the rounds
 */
record RoundImputer(Step first, Missing missing, List<Guess> guesses) implements NumericStep {
    /**
     * How a column is guessed from others.
     *
     * @param least the least guess that is believed
     */
    record Guess(int column, int[] from, Step regressor, double least, double most) {}

    RoundImputer {
        guesses = List.copyOf(guesses);
    }

    @Override
    public int columnsIn() {
        return first.columnsIn();
    }

    @Override
    public int columnsOut() {
        return first.columnsOut();
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
    public Matrix apply(Matrix rows) throws BadInput {
        var filled = first.apply(rows).dense();
        for (var guess : guesses) {
            var holes = holes(rows, guess.column());
            if (holes.length > 0) {
                var known = picked(filled, holes, guess.from());
                var guessed = guess.regressor().then(known).dense().values();
                for (int i = 0; i < holes.length; i++) {
                    filled.values()[holes[i] * filled.columns() + guess.column()] =
                            Math.clamp(guessed[i], guess.least(), guess.most());
                }
            }
        }
        return filled;
    }

    private int[] holes(Matrix rows, int column) {
        var holes = new int[rows.rows()];
        int count = 0;
        for (int row = 0; row < holes.length; row++) {
            if (missing.is(rows.at(row, column))) {
                holes[count++] = row;
            }
        }
        return Arrays.copyOf(holes, count);
    }

    private static Matrix picked(Matrix rows, int[] which, int[] columns) {
        var out = new double[which.length * columns.length];
        int at = 0;
        for (int row : which) {
            for (int column : columns) {
                out[at++] = rows.at(row, column);
            }
        }
        return new Matrix(which.length, columns.length, out);
    }

    static Estimator read(State state) throws LoadFailure {
        if (state.flag("sample_posterior", false)) {
            throw state.unsupported("guesses by chance (sample_posterior)");
        }
        var missing = Missing.of(state);
        var first = Imputer.filled(state.part("initial_imputer_"), missing);
        int columns = first.columnsIn();
        if (first.columnsOut() != columns || !(first instanceof NumericStep)) {
            throw state.unsupported("columns without any value when it was fitted");
        }
        var least = limits(state, "_min_value", "min_value_", columns, Double.NEGATIVE_INFINITY);
        var most = limits(state, "_max_value", "max_value_", columns, Double.POSITIVE_INFINITY);
        var guesses = new ArrayList<Guess>();
        for (var item : state.items("imputation_sequence_")) {
            guesses.add(guess(state, item, columns, least, most));
        }
        var step = new RoundImputer(first, missing, guesses);
        return new Transformer(Imputer.withIndicator(state, step, missing));
    }

    private static Guess guess(
            State state, PyValue item, int columns, double[] least, double[] most)
            throws LoadFailure {
        if (!(item instanceof PyObject triplet) || triplet.arguments().size() != 3) {
            throw state.failure("imputation_sequence_ must hold triplets");
        }
        int column = state.size(triplet.arguments().get(0), "feat_idx");
        var from = state.indices(triplet.arguments().get(1), "neighbor_feat_idx", columns);
        if (column >= columns
                || !(state.estimator(triplet.arguments().get(2)) instanceof Regressor regressor)
                || !regressor.flat()
                || regressor.step().columnsIn() != from.length
                || !(least[column] <= most[column])) {
            throw state.unsupported("such a guess of column " + column);
        }
        return new Guess(column, from, regressor.step(), least[column], most[column]);
    }

    private static double[] limits(
            State state, String name, String otherName, int columns, double otherwise)
            throws LoadFailure {
        var known = state.has(name) ? name : otherName;
        if (state.has(known)) {
            return state.vector(known, columns);
        }
        var limits = new double[columns];
        Arrays.fill(limits, otherwise);
        return limits;
    }
}
