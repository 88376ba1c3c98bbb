package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.List;
import java.util.Map;

/** What the neighbours of a row are, the row is, by their votes or their mean. */
final class NeighbourModels {
    private NeighbourModels() {}

    /** Finds a row's neighbours. */
    private interface Search {
        Neighbours.Found of(double[] in, int from);
    }

    private static Search search(State state, Neighbours neighbours) throws LoadFailure {
        if (state.type().startsWith("Radius")) {
            double radius = state.number("radius");
            return (in, from) -> neighbours.within(in, from, radius);
        }
        int count = state.size("n_neighbors");
        if (count < 1 || count > neighbours.fitted().rows()) {
            throw state.failure(
                    "n_neighbors is %d of %d rows".formatted(count, neighbours.fitted().rows()));
        }
        return (in, from) -> neighbours.nearest(in, from, count);
    }

    private static boolean uniform(State state) throws LoadFailure {
        return switch (state.text("weights").orElse(state.has("weights") ? "" : "uniform")) {
            case "uniform" -> true;
            case "distance" -> false;
            default -> throw state.unsupported("a weight function of your own");
        };
    }

    static Estimator regressor(State state) throws LoadFailure {
        var neighbours = Neighbours.read(state);
        var search = search(state, neighbours);
        boolean uniform = uniform(state);
        boolean flat = state.rank("_y") == 1;
        var targets = state.matrix("_y");
        int width = flat ? 1 : targets.columns();
        if (targets.values().length != neighbours.fitted().rows() * (long) width) {
            throw state.failure("_y does not have as many rows as _fit_X");
        }
        return new Regressor(
                new RowStep(
                        neighbours.columns(),
                        width,
                        (in, from, out, to) ->
                                mean(
                                        search.of(in, from),
                                        uniform,
                                        targets.values(),
                                        width,
                                        out,
                                        to)),
                flat);
    }

    private static void mean(
            Neighbours.Found found,
            boolean uniform,
            double[] targets,
            int width,
            double[] out,
            int to) {
        var weights = found.weights(uniform);
        double all = 0;
        for (int i = 0; i < found.count(); i++) {
            all += weights[i];
            for (int k = 0; k < width; k++) {
                out[to + k] += weights[i] * targets[found.places()[i] * width + k];
            }
        }
        for (int k = 0; k < width; k++) {
            out[to + k] /= all; // of no neighbours NaN, as the library says
        }
    }

    static Estimator classifier(State state) throws LoadFailure {
        var neighbours = Neighbours.read(state);
        boolean several = state.flag("outputs_2d_", false);
        var labels = several ? MultiOutput.classes(state, "classes_") : List.of(state.classes());
        var votes =
                new Votes(
                        search(state, neighbours),
                        uniform(state),
                        codes(state, labels, neighbours.fitted().rows()),
                        starts(labels));
        int width = votes.starts()[labels.size()];
        if (!state.type().startsWith("Radius")) {
            var shares = new RowStep(neighbours.columns(), width, votes::count);
            return MultiOutput.classifier(state, labels, shares, several);
        }
        return several ? throwing(state) : radius(state, labels.getFirst(), votes, neighbours);
    }

    private static Estimator throwing(State state) throws LoadFailure {
        throw state.unsupported("a radius classifier of several outputs");
    }

    /** How a row without neighbours is called; it may be a label that no neighbour has. */
    private static Estimator radius(State state, Classes classes, Votes votes, Neighbours near)
            throws LoadFailure {
        int count = classes.count();
        int outlier = -1;
        var named = classes;
        if (state.has("outlier_label_")) {
            var label = label(state);
            outlier = classes.indexOf(label);
            if (outlier < 0) {
                outlier = count;
                named =
                        classes.and(label)
                                .orElseThrow(() ->
                                        state.unsupported("an outlier label of another type"));
            }
        }
        int alone = outlier;
        var shares =
                new RowStep(
                        near.columns(),
                        count,
                        (in, from, out, to) -> {
                            if (!votes.tryCount(in, from, out, to)) {
                                if (alone < 0) {
                                    throw new BadInput(
                                            Data.FIELD,
                                            "has a row without neighbours, and the model no label for it");
                                }
                                if (alone < count) {
                                    out[to + alone] = 1;
                                }
                            }
                        });
        var chosen =
                Then.rowwise(
                        shares,
                        1,
                        (in, from, out, to) -> out[to] = highest(in, from, count, alone));
        return ByMethod.of(named, Map.of(Method.PREDICT, chosen, Method.PREDICT_PROBA, shares));
    }

    private static Classes label(State state) throws LoadFailure {
        var value = state.needed("outlier_label_");
        var items = state.items(value).orElse(List.of());
        return Classes.only(items.isEmpty() ? value : items.getFirst())
                .orElseThrow(() -> state.unsupported("an outlier label that is " + value.kind()));
    }

    private static double highest(double[] shares, int from, int count, int alone) {
        int best = 0;
        double sum = 0;
        for (int k = 0; k < count; k++) {
            sum += shares[from + k];
            if (shares[from + k] > shares[from + best]) {
                best = k;
            }
        }
        return sum == 0 ? alone : best;
    }

    private static int[] starts(List<Classes> labels) {
        var starts = new int[labels.size() + 1];
        for (int k = 0; k < labels.size(); k++) {
            starts[k + 1] = starts[k] + labels.get(k).count();
        }
        return starts;
    }

    private static int[] codes(State state, List<Classes> labels, int rows) throws LoadFailure {
        var numbers = state.vector("_y", rows * labels.size());
        var codes = new int[numbers.length];
        for (int i = 0; i < codes.length; i++) {
            int count = labels.get(i % labels.size()).count();
            if (!(numbers[i] >= 0 && numbers[i] < count)) {
                throw state.failure("_y holds %s of %d classes".formatted(numbers[i], count));
            }
            codes[i] = (int) numbers[i];
        }
        return codes;
    }

    /**
     * @param codes the class of each fitted row, one an output
     * @param starts where the shares of each output's classes begin
     */
    private record Votes(Search search, boolean uniform, int[] codes, int[] starts) {
        void count(double[] in, int from, double[] out, int to) {
            tryCount(in, from, out, to);
        }

        boolean tryCount(double[] in, int from, double[] out, int to) {
            var found = search.of(in, from);
            var weights = found.weights(uniform);
            int outputs = starts.length - 1;
            for (int k = 0; k < outputs; k++) {
                double all = 0;
                for (int i = 0; i < found.count(); i++) {
                    out[to + starts[k] + codes[found.places()[i] * outputs + k]] += weights[i];
                }
                for (int c = starts[k]; c < starts[k + 1]; c++) {
                    all += out[to + c];
                }
                for (int c = starts[k]; c < starts[k + 1] && all != 0; c++) {
                    out[to + c] /= all;
                }
            }
            return found.count() > 0;
        }
    }
}
