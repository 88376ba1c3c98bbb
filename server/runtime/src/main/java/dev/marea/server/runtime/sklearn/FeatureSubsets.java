package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.NdArray;

/** Which columns each estimator of a bag sees, in its order. */
record FeatureSubsets(State state, int[][] columns) {

    static FeatureSubsets read(State state, int columns) throws LoadFailure {
        var items = state.items("estimators_features_");
        var subsets = new int[items.size()][];
        for (int i = 0; i < subsets.length; i++) {
            if (!(items.get(i) instanceof NdArray array) || !array.isNumeric()) {
                throw state.failure("estimators_features_ must be arrays of numbers");
            }
            state.charge(array.count());
            var numbers = array.doubles();
            subsets[i] = new int[numbers.length];
            for (int j = 0; j < numbers.length; j++) {
                if (!(numbers[j] >= 0 && numbers[j] < columns)) {
                    throw state.failure(
                            "estimators_features_ has %s of %d columns"
                                    .formatted(numbers[j], columns));
                }
                subsets[i][j] = (int) numbers[j];
            }
        }
        if (subsets.length != state.items("estimators_").size()) {
            throw state.failure("estimators_features_ is not of one entry an estimator");
        }
        return new FeatureSubsets(state, subsets);
    }

    /** Trees ask for columns of their subset; afterwards for those of all. */
    void rename(Trees trees) throws LoadFailure {
        for (int tree = 0; tree < trees.count(); tree++) {
            boolean last = tree + 1 == trees.count();
            int end = last ? trees.nodes().length : trees.roots()[tree + 1];
            for (int node = trees.roots()[tree]; node < end; node += Trees.NODE) {
                if (!trees.isLeaf(node)) {
                    rename(trees.nodes(), node, columns[tree]);
                }
            }
        }
    }

    private void rename(int[] nodes, int node, int[] subset) throws LoadFailure {
        int column = nodes[node] >>> 1;
        if (column >= subset.length) {
            throw state.failure("a tree asks for column %d of %d".formatted(column, subset.length));
        }
        nodes[node] = 2 * subset[column] + (nodes[node] & 1);
    }

    /** An estimator's way, for rows of all columns. */
    NumericStep behind(int estimator, Step way, int all) throws LoadFailure {
        var chosen = columns[estimator];
        if (way.columnsIn() != chosen.length) {
            throw state.failure(
                    "an estimator takes %d columns and is given %d"
                            .formatted(way.columnsIn(), chosen.length));
        }
        return new Subset(all, chosen, way);
    }

    private record Subset(int columnsIn, int[] chosen, Step way) implements NumericStep {
        @Override
        public int columnsOut() {
            return way.columnsOut();
        }

        @Override
        public Accepts accepts() {
            return way.accepts();
        }

        @Override
        public Matrix apply(Matrix rows) throws BadInput {
            int width = chosen.length;
            var some = new double[Math.multiplyExact(rows.rows(), width)];
            for (int i = 0; i < some.length; i++) {
                some[i] = rows.values()[i / width * columnsIn + chosen[i % width]];
            }
            return way.apply(new Matrix(rows.rows(), width, some)).dense();
        }
    }
}
