package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.BoosterParts.Version;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a booster was trained for: how its intercept becomes a margin, and its margins an answer.
 * Single precision throughout, as in the library.
 */
record Objective(String name, Link intercept, Link answer) {

    /** How margins become answers, and answers margins. */
    enum Link {
        IDENTITY,
        LOGISTIC,
        EXPONENTIAL,
        HINGE,
        /** Probabilities of classes. */
        SOFTMAX,
        /** The class of the highest margin, as a number. */
        HIGHEST,
        /** In ascending order, so that quantiles do not cross. */
        SORTED,
        /** Each above the one before by a soft step, so that expectiles do not cross. */
        STACKED
    }

    private static final float EPSILON = 1e-6f;

    static Objective of(Path file, String name, Version version) throws LoadFailure {
        var answer = answer(name, version);
        if (answer == null) {
            throw new LoadFailure(
                    file,
                    "its objective '" + name + "' is not known",
                    "ask for it, or export the model to ONNX");
        }
        return new Objective(name, intercept(name, answer, version), answer);
    }

    private static @Nullable Link answer(String name, Version version) {
        return switch (name) {
            case "reg:squarederror",
                    "reg:linear",
                    "reg:squaredlogerror",
                    "reg:pseudohubererror",
                    "reg:absoluteerror",
                    "binary:logitraw",
                    "rank:pairwise",
                    "rank:ndcg",
                    "rank:map" ->
                    Link.IDENTITY;
            case "reg:logistic", "binary:logistic" -> Link.LOGISTIC;
            case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft" ->
                    Link.EXPONENTIAL;
            case "binary:hinge" -> Link.HINGE;
            case "multi:softprob" -> Link.SOFTMAX;
            case "multi:softmax" -> Link.HIGHEST;
            case "reg:quantileerror" -> version.before(3, 4) ? Link.IDENTITY : Link.SORTED;
            case "reg:expectileerror" -> Link.STACKED;
            default -> null;
        };
    }

    /**
     * Before 1.0 a margin was saved; since then it is what the margin becomes. Before 1.4 that of
     * logitraw was a probability.
     */
    private static Link intercept(String name, Link answer, Version version) {
        if (version.before(1, 0)) {
            return Link.IDENTITY;
        }
        if (name.equals("binary:logitraw") && version.before(1, 4)) {
            return Link.LOGISTIC;
        }
        return switch (answer) {
            case LOGISTIC, EXPONENTIAL, STACKED -> answer;
            case IDENTITY, HINGE, SOFTMAX, HIGHEST, SORTED -> Link.IDENTITY;
        };
    }

    /** Whether an answer has one number where there are several margins. */
    boolean joinsOutputs() {
        return answer == Link.HIGHEST;
    }

    /** The margins that a model without trees gives. */
    float[] margins(float[] intercepts) {
        var margins = intercepts.clone();
        for (int i = margins.length - 1; i >= 0; i--) {
            margins[i] =
                    switch (intercept) {
                        case LOGISTIC -> logit(margins[i]);
                        case EXPONENTIAL -> (float) Math.log(margins[i]);
                        case STACKED ->
                                i == 0 ? margins[0] : softStepBack(margins[i] - margins[i - 1]);
                        case IDENTITY, HINGE, SOFTMAX, HIGHEST, SORTED -> margins[i];
                    };
        }
        return margins;
    }

    private static float logit(float probability) {
        float inside = Math.min(Math.max(probability, EPSILON), 1 - EPSILON);
        return -(float) Math.log(1 / inside - 1);
    }

    /** Turns margins of rows into answers; may reuse their array. */
    float[] answers(float[] margins, int outputs) {
        switch (answer) {
            case IDENTITY -> {}
            case LOGISTIC -> logistic(margins);
            case EXPONENTIAL -> exponential(margins);
            case HINGE -> hinge(margins);
            case SOFTMAX -> Softmax.probabilities(margins, outputs);
            case HIGHEST -> {
                return Softmax.highest(margins, outputs);
            }
            case SORTED -> sort(margins, outputs);
            case STACKED -> stack(margins, outputs);
        }
        return margins;
    }

    private static void logistic(float[] margins) {
        for (int i = 0; i < margins.length; i++) {
            float x = Math.min(-margins[i], 88.7f);
            margins[i] = 1 / ((float) Math.exp(x) + 1f + 1e-16f);
        }
    }

    private static void exponential(float[] margins) {
        for (int i = 0; i < margins.length; i++) {
            margins[i] = (float) Math.exp(margins[i]);
        }
    }

    private static void hinge(float[] margins) {
        for (int i = 0; i < margins.length; i++) {
            margins[i] = margins[i] > 0 ? 1 : 0;
        }
    }

    private static void sort(float[] margins, int outputs) {
        for (int row = 0; row < margins.length; row += outputs) {
            Arrays.sort(margins, row, row + outputs);
        }
    }

    private static void stack(float[] margins, int outputs) {
        for (int row = 0; row < margins.length; row += outputs) {
            for (int k = row + 1; k < row + outputs; k++) {
                margins[k] = margins[k - 1] + (EPSILON + softStep(margins[k]));
            }
        }
    }

    private static float softStep(float x) {
        return (float) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
    }

    private static float softStepBack(float step) {
        double x = Math.max(step - EPSILON, EPSILON);
        return (float) (x + Math.log(-Math.expm1(-x)));
    }
}
