package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;

/** Single trees and forests, which answer with the mean of their trees' leaves. */
final class TreeModels {
    /** Below this it costs more to fetch every tree again than to fetch every row again. */
    private static final int FEW_ROWS = 8;

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
            var keys = Trees.keys(rows);
            if (rows.rows() < FEW_ROWS) {
                for (int row = 0; row < rows.rows(); row++) {
                    addRow(keys, row * columnsIn, sums, row * width);
                }
            } else {
                for (int tree = 0; tree < trees.count(); tree++) {
                    addTree(tree, keys, sums);
                }
            }
            if (trees.count() > 1) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] /= trees.count();
                }
            }
            return new Matrix(rows.rows(), width, sums);
        }

        /** Many trees for one row: several at once. */
        private void addRow(int[] keys, int from, double[] sums, int to) {
            var leaves = new int[Trees.TOGETHER];
            int tree = 0;
            for (; tree + Trees.TOGETHER <= trees.count(); tree += Trees.TOGETHER) {
                trees.leaves(tree, keys, from, leaves);
                for (int leaf : leaves) {
                    add(leaf, sums, to);
                }
            }
            for (; tree < trees.count(); tree++) {
                add(trees.leaf(tree, keys, from), sums, to);
            }
        }

        /** Many rows for one tree, which stays in the cache. */
        private void addTree(int tree, int[] keys, double[] sums) {
            var leaves = new int[Trees.TOGETHER];
            int width = trees.width();
            int rows = sums.length / width;
            int row = 0;
            for (; row + Trees.TOGETHER <= rows; row += Trees.TOGETHER) {
                trees.leavesOfRows(tree, keys, row * columnsIn, columnsIn, leaves);
                for (int i = 0; i < Trees.TOGETHER; i++) {
                    add(leaves[i], sums, (row + i) * width);
                }
            }
            for (; row < rows; row++) {
                add(trees.leaf(tree, keys, row * columnsIn), sums, row * width);
            }
        }

        private void add(int leaf, double[] sums, int to) {
            for (int k = 0; k < trees.width(); k++) {
                sums[to + k] += trees.values()[leaf + k];
            }
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
