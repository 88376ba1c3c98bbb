package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.Arrays;

/** Trees whose leaves are added up, stage by stage, to a constant start. */
final class GradientBoosting {
    private static final double SINGLE_EPSILON = Math.ulp(1f);
    private static final double DOUBLE_EPSILON = Math.ulp(1.0);

    private GradientBoosting() {}

    /**
     * @param start one number a column
     * @param trees in stages, one tree a column in each
     */
    record Sum(int columnsIn, double[] start, double rate, Trees trees) implements NumericStep {
        @Override
        public int columnsOut() {
            return start.length;
        }

        @Override
        public Accepts accepts() {
            return Accepts.FLOAT;
        }

        @Override
        public Matrix apply(Matrix rows) {
            int width = start.length;
            var sums = new double[Math.multiplyExact(rows.rows(), width)];
            for (int row = 0; row < rows.rows(); row++) {
                System.arraycopy(start, 0, sums, row * width, width);
            }
            var keys = Trees.keys(rows);
            for (int tree = 0; tree < trees.count(); tree++) {
                int column = tree % width;
                for (int row = 0; row < rows.rows(); row++) {
                    int leaf = trees.leaf(tree, keys, row * columnsIn);
                    sums[row * width + column] += rate * trees.values()[leaf];
                }
            }
            return new Matrix(rows.rows(), width, sums);
        }
    }

    static Estimator classifier(State state) throws LoadFailure {
        var classes = state.classes();
        if (classes.count() < 2) {
            throw state.failure("classes_ must hold two classes or more");
        }
        int width = classes.count() == 2 ? 1 : classes.count();
        boolean exponential = state.text("loss").orElse("").equals("exponential");
        return new Classifier(
                sum(state, classStart(state, width, exponential)),
                classes,
                Choice.FROM_ZERO,
                exponential ? Link.LOGISTIC_OF_DOUBLE : width == 1 ? Link.LOGISTIC : Link.SOFTMAX,
                true);
    }

    static Estimator regressor(State state) throws LoadFailure {
        if (startsAtZero(state)) {
            return new Regressor(sum(state, new double[1]), true);
        }
        var dummy = dummy(state, "DummyRegressor");
        return new Regressor(sum(state, dummy.vector("constant_", 1)), true);
    }

    private static Sum sum(State state, double[] start) throws LoadFailure {
        int columns = TreeModels.columns(state);
        var stages = state.array("estimators_");
        if (stages.rank() != 2 || stages.dimension(1) != start.length || stages.count() == 0) {
            throw state.failure(
                    "estimators_ must be stages of %d trees, is %s"
                            .formatted(start.length, stages.kind()));
        }
        var trees = new TreeReader(columns, 1, false).read(state.items("estimators_"), state);
        return new Sum(columns, start, state.number("learning_rate"), trees);
    }

    private static double[] classStart(State state, int width, boolean exponential)
            throws LoadFailure {
        if (startsAtZero(state)) {
            return new double[width];
        }
        var priors = dummy(state, "DummyClassifier").vector("class_prior_", Math.max(width, 2));
        // Before 1.4 the losses clipped in single precision and did not centre.
        boolean old = state.savedBefore(1, 4);
        double epsilon = old ? SINGLE_EPSILON : DOUBLE_EPSILON;
        for (int k = 0; k < priors.length; k++) {
            priors[k] = Math.clamp(priors[k], epsilon, 1 - epsilon);
        }
        if (width == 1) {
            double logit = Math.log(priors[1] / (1 - priors[1]));
            return new double[] {exponential ? logit / 2 : logit};
        }
        var logs = Arrays.stream(priors).map(Math::log).toArray();
        double centre = old ? 0 : Arrays.stream(logs).average().orElse(0);
        return Arrays.stream(logs).map(log -> log - centre).toArray();
    }

    private static boolean startsAtZero(State state) {
        return state.text("init_").orElse("").equals("zero");
    }

    private static State dummy(State state, String type) throws LoadFailure {
        var start = state.part("init_");
        if (!start.type().equals(type)
                || (type.equals("DummyClassifier")
                        && !start.text("strategy").orElse("").equals("prior"))) {
            throw state.unsupported("a start from " + start.type());
        }
        return start;
    }
}
