package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.pickle.NdArray;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Classifiers of several outputs, whose probabilities lie side by side. */
final class MultiOutput {
    private MultiOutput() {}

    /** The classes of each output, from a list of arrays. */
    static List<Classes> classes(State state, String name) throws LoadFailure {
        var all = new ArrayList<Classes>();
        for (PyValue item : state.items(name)) {
            if (!(item instanceof NdArray array)) {
                throw state.failure(name + " must be a list of arrays, has " + item.kind());
            }
            all.add(state.classes(array, name));
        }
        return sameType(state, all);
    }

    /** A tensor has one type. */
    static List<Classes> sameType(State state, List<Classes> all) throws LoadFailure {
        if (all.isEmpty()) {
            throw state.failure("needs the classes of one output or more");
        }
        for (var classes : all) {
            if (classes.datatype() != all.getFirst().datatype()) {
                throw state.unsupported("outputs with labels of different types");
            }
        }
        return List.copyOf(all);
    }

    /**
     * Chooses the most probable class of each output.
     *
     * @param table whether labels are a table, even of one column
     */
    static Estimator classifier(State state, List<Classes> labels, Step shares, boolean table)
            throws LoadFailure {
        if (!table) {
            return new Classifier(shares, labels.getFirst(), Choice.HIGHEST, Link.IDENTITY, false);
        }
        sameType(state, labels);
        return new ByMethod(
                labels,
                false,
                true,
                Map.of(Method.PREDICT, chosen(labels, shares), Method.PREDICT_PROBA, shares));
    }

    static Step chosen(List<Classes> labels, Step shares) {
        return Then.rowwise(
                shares,
                labels.size(),
                (in, from, out, to) -> {
                    int at = from;
                    for (int k = 0; k < labels.size(); k++) {
                        int count = labels.get(k).count();
                        out[to + k] = highest(in, at, count);
                        at += count;
                    }
                });
    }

    /** For each number, whether it is above a threshold. */
    static Step above(Step scores, double threshold) {
        int width = scores.columnsOut();
        return Then.rowwise(
                scores,
                width,
                (in, from, out, to) -> {
                    for (int k = 0; k < width; k++) {
                        out[to + k] = in[from + k] > threshold ? 1 : 0;
                    }
                });
    }

    static int highest(double[] values, int from, int count) {
        int best = 0;
        for (int k = 1; k < count; k++) {
            if (values[from + k] > values[from + best]) {
                best = k;
            }
        }
        return best;
    }
}
