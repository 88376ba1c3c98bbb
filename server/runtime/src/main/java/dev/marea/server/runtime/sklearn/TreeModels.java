package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;

/** Single trees and forests, which answer with the mean of their trees' leaves. */
final class TreeModels {
    private TreeModels() {}

    /** The mean of the leaves that a row falls into. */
    record Mean(int columnsIn, Trees trees) implements NumericStep {
        @Override
        public int columnsOut() {
            return trees.width();
        }

        @Override
        public Accepts accepts() {
            return trees.knowsMissing() ? Accepts.FLOAT_OR_NAN : Accepts.FLOAT;
        }

        @Override
        public Matrix apply(Matrix rows) {
            int width = trees.width();
            var sums = new double[Math.multiplyExact(rows.rows(), width)];
            for (int tree = 0; tree < trees.count(); tree++) {
                for (int row = 0; row < rows.rows(); row++) {
                    int leaf = trees.leaf(tree, rows.values(), row * columnsIn);
                    for (int k = 0; k < width; k++) {
                        sums[row * width + k] += trees.values()[leaf + k];
                    }
                }
            }
            if (trees.count() > 1) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] /= trees.count();
                }
            }
            return new Matrix(rows.rows(), width, sums);
        }
    }

    static Estimator treeClassifier(State state) throws LoadFailure {
        return classifier(state, (reader, tree) -> reader.read(tree));
    }

    static Estimator forestClassifier(State state) throws LoadFailure {
        return classifier(state, TreeModels::forest);
    }

    @FunctionalInterface
    private interface Source {
        Trees of(TreeReader reader, State state) throws LoadFailure;
    }

    private static Estimator classifier(State state, Source source) throws LoadFailure {
        int columns = columns(state);
        if (outputs(state) > 1) {
            return severalOutputs(state, columns, source);
        }
        var classes = state.classes();
        var trees = source.of(new TreeReader(columns, classes.count(), true), state);
        return new Classifier(
                new Mean(columns, trees), classes, Choice.HIGHEST, Link.IDENTITY, false);
    }

    /** Each output has as many numbers in a leaf as the one with the most classes. */
    private static Estimator severalOutputs(State state, int columns, Source source)
            throws LoadFailure {
        var labels = MultiOutput.classes(state, "classes_");
        int most = labels.stream().mapToInt(Classes::count).max().orElse(0);
        int outputs = outputs(state);
        if (labels.size() != outputs) {
            throw state.failure("classes_ is not of one array an output");
        }
        var reader = new TreeReader(columns, Math.multiplyExact(most, outputs), outputs, true);
        var leaves = new Mean(columns, source.of(reader, state));
        int width = labels.stream().mapToInt(Classes::count).sum();
        var shares =
                Then.rowwise(
                        leaves,
                        width,
                        (in, from, out, to) -> {
                            int at = to;
                            for (int k = 0; k < outputs; k++) {
                                int count = labels.get(k).count();
                                System.arraycopy(in, from + k * most, out, at, count);
                                at += count;
                            }
                        });
        return MultiOutput.classifier(state, labels, shares, true);
    }

    static Estimator treeRegressor(State state) throws LoadFailure {
        int columns = columns(state);
        int outputs = outputs(state);
        var trees = new TreeReader(columns, outputs, false).read(state);
        return new Regressor(new Mean(columns, trees), outputs == 1);
    }

    static Estimator forestRegressor(State state) throws LoadFailure {
        int columns = columns(state);
        int outputs = outputs(state);
        var trees = forest(new TreeReader(columns, outputs, false), state);
        return new Regressor(new Mean(columns, trees), outputs == 1);
    }

    private static Trees forest(TreeReader reader, State state) throws LoadFailure {
        var trees = state.items("estimators_");
        if (trees.isEmpty()) {
            throw state.failure("estimators_ is empty");
        }
        return reader.read(trees, state);
    }

    private static int outputs(State state) throws LoadFailure {
        int outputs = state.has("n_outputs_") ? state.size("n_outputs_") : 1;
        if (outputs < 1) {
            throw state.failure("n_outputs_ is 0");
        }
        return outputs;
    }

    /** Versions before 0.24 called it n_features_. */
    static int columns(State state) throws LoadFailure {
        return state.size(state.has("n_features_in_") ? "n_features_in_" : "n_features_");
    }
}
