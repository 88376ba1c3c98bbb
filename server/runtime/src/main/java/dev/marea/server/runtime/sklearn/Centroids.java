package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import java.util.Map;

/** The nearest centroid's class; since 1.6 with the classes' shares of the training rows. */
final class Centroids {
    private Centroids() {}

    static Estimator read(State state) throws LoadFailure {
        var classes = state.classes();
        var centroids = state.matrix("centroids_");
        if (centroids.rows() != classes.count()) {
            throw state.failure("centroids_ are not one a class");
        }
        var metric = metric(state);
        int n = centroids.columns();
        var near =
                new RowStep(
                        n,
                        classes.count(),
                        (in, from, out, to) -> {
                            for (int k = 0; k < classes.count(); k++) {
                                out[to + k] = -metric.of(in, from, centroids.values(), k * n, n);
                            }
                        });
        if (!state.has("class_prior_") || !metricHasScores(state)) {
            return ByMethod.of(
                    classes, Map.of(Method.PREDICT, Then.choosing(near, Choice.HIGHEST)));
        }
        return scored(state, classes, centroids, metric, near);
    }

    private static Metric metric(State state) throws LoadFailure {
        return Metric.named(
                state, state.text("metric").orElse(state.has("metric") ? "" : "euclidean"), 2);
    }

    /** The library offers scores for the Euclidean distance alone. */
    private static boolean metricHasScores(State state) {
        return state.text("metric").orElse("").equals("euclidean");
    }

    private static Estimator scored(
            State state, Classes classes, Matrix centroids, Metric metric, Step near)
            throws LoadFailure {
        int count = classes.count();
        int n = centroids.columns();
        var priors = state.vector("class_prior_", count);
        var spread = state.vector("within_class_std_dev_", n);
        var scaled = centroids.values().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = spread[i % n] == 0 ? scaled[i] : scaled[i] / spread[i % n];
        }
        var scores =
                new RowStep(
                        n,
                        count,
                        (in, from, out, to) -> {
                            var row = new double[n];
                            for (int j = 0; j < n; j++) {
                                row[j] = spread[j] == 0 ? in[from + j] : in[from + j] / spread[j];
                            }
                            for (int k = 0; k < count; k++) {
                                double apart = metric.of(row, 0, scaled, k * n, n);
                                out[to + k] = 2 * Math.log(priors[k]) - apart * apart;
                            }
                        });
        var step = count == 2 ? Discriminants.difference(scores) : scores;
        var link = count == 2 ? Link.LOGISTIC : Link.SOFTMAX;
        if (!even(priors)) {
            return new Classifier(step, classes, Choice.ABOVE_ZERO, link, true);
        }
        return ByMethod.of(
                classes,
                Map.of(
                        Method.PREDICT,
                        Then.choosing(near, Choice.HIGHEST),
                        Method.PREDICT_PROBA,
                        Then.linked(step, link),
                        Method.DECISION_FUNCTION,
                        step));
    }

    /** By numpy's measure of what is close. */
    private static boolean even(double[] priors) {
        double share = 1.0 / priors.length;
        for (double prior : priors) {
            if (Math.abs(prior - share) > 1e-8 + 1e-5 * share) {
                return false;
            }
        }
        return true;
    }
}
