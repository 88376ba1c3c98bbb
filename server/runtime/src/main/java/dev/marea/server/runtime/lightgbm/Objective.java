package dev.marea.server.runtime.lightgbm;

import java.util.Optional;

/** What a model was trained for decides how its sums become answers. */
record Objective(Form form, double slope) {
    /** How. */
    enum Form {
        /** The sums are the answers. */
        SUM,
        /** The model learnt the square root. */
        SQUARE,
        EXP,
        /** Each sum by itself. */
        SIGMOID,
        /** The logarithm of 1 + e^x. */
        LOG_ONE_PLUS_EXP,
        SOFTMAX
    }

    /** The objective of a model that names none, or one that only its trainer knew. */
    static final Objective OWN = new Objective(Form.SUM, 1);

    /** Empty for one that LightGBM does not know either. */
    static Optional<Objective> named(String[] words) {
        return switch (words[0]) {
            case "regression",
                    "regression_l2",
                    "l2",
                    "mean_squared_error",
                    "mse",
                    "l2_root",
                    "root_mean_squared_error",
                    "rmse",
                    "regression_l1",
                    "l1",
                    "mean_absolute_error",
                    "mae",
                    "fair",
                    "quantile",
                    "mape",
                    "mean_absolute_percentage_error" ->
                    Optional.of(new Objective(has(words, "sqrt") ? Form.SQUARE : Form.SUM, 1));
            case "huber",
                    "lambdarank",
                    "rank_xendcg",
                    "xendcg",
                    "xe_ndcg",
                    "xe_ndcg_mart",
                    "xendcg_mart",
                    "custom",
                    "none",
                    "null",
                    "na" ->
                    Optional.of(OWN);
            case "poisson", "gamma", "tweedie" -> Optional.of(new Objective(Form.EXP, 1));
            case "binary", "multiclassova", "multiclass_ova", "ova", "ovr" -> sigmoid(words);
            case "cross_entropy", "xentropy" -> Optional.of(new Objective(Form.SIGMOID, 1));
            case "cross_entropy_lambda", "xentlambda" ->
                    Optional.of(new Objective(Form.LOG_ONE_PLUS_EXP, 1));
            case "multiclass", "softmax" -> Optional.of(new Objective(Form.SOFTMAX, 1));
            default -> Optional.empty();
        };
    }

    private static boolean has(String[] words, String option) {
        for (var word : words) {
            if (word.equals(option)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Objective> sigmoid(String[] words) {
        for (var word : words) {
            if (word.startsWith("sigmoid:")) {
                return positive(word.substring("sigmoid:".length()))
                        .map(slope -> new Objective(Form.SIGMOID, slope));
            }
        }
        return Optional.empty();
    }

    private static Optional<Double> positive(String text) {
        try {
            double value = Double.parseDouble(text);
            return value > 0 && Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    /** Turns sums into answers, in place; {@code width} belong to one row. */
    void convert(double[] sums, int width) {
        switch (form) {
            case SUM -> {}
            case SQUARE -> {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = Math.signum(sums[i]) * sums[i] * sums[i];
                }
            }
            case EXP -> {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = Math.exp(sums[i]);
                }
            }
            case SIGMOID -> {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = 1 / (1 + Math.exp(-slope * sums[i]));
                }
            }
            case LOG_ONE_PLUS_EXP -> {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = Math.log1p(Math.exp(sums[i]));
                }
            }
            case SOFTMAX -> {
                for (int from = 0; from < sums.length; from += width) {
                    softmax(sums, from, from + width);
                }
            }
        }
    }

    private static void softmax(double[] sums, int from, int to) {
        double highest = sums[from];
        for (int i = from + 1; i < to; i++) {
            highest = Math.max(highest, sums[i]);
        }
        double total = 0;
        for (int i = from; i < to; i++) {
            sums[i] = Math.exp(sums[i] - highest);
            total += sums[i];
        }
        for (int i = from; i < to; i++) {
            sums[i] /= total;
        }
    }
}
