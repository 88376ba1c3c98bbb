package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Selectors of columns: which ones, by what they remember of their fit. */
final class Selectors {
    private Selectors() {}

    /** RFE, RFECV and sequential selectors keep the answer itself. */
    static Estimator support(State state) throws LoadFailure {
        var support = state.vector("support_");
        var kept = new BitSet(support.length);
        for (int i = 0; i < support.length; i++) {
            kept.set(i, support[i] != 0);
        }
        return chosen(kept, support.length, Accepts.FINITE_OR_NAN);
    }

    static Estimator variance(State state) throws LoadFailure {
        var variances = state.vector("variances_");
        return chosen(
                above(variances, state.number("threshold")),
                variances.length,
                Accepts.FINITE_OR_NAN);
    }

    private static BitSet above(double[] values, double threshold) {
        var kept = new BitSet(values.length);
        for (int i = 0; i < values.length; i++) {
            kept.set(i, values[i] > threshold);
        }
        return kept;
    }

    /** Those of univariate tests, by the score or by the chance that it is one. */
    static Estimator univariate(State state) throws LoadFailure {
        return switch (state.type()) {
            case "SelectKBest" -> univariate(state, "k_best", state.needed("k"));
            case "SelectPercentile" -> univariate(state, "percentile", state.needed("percentile"));
            case "SelectFpr" -> univariate(state, "fpr", state.needed("alpha"));
            case "SelectFdr" -> univariate(state, "fdr", state.needed("alpha"));
            case "SelectFwe" -> univariate(state, "fwe", state.needed("alpha"));
            default -> univariate(state, state.text("mode").orElse(""), state.needed("param"));
        };
    }

    private static Estimator univariate(State state, String mode, PyValue param)
            throws LoadFailure {
        var scores = state.vector("scores_");
        int count = scores.length;
        if (mode.equals("k_best") && param instanceof PyValue.Text) {
            return chosen(all(count), count, Accepts.FINITE); // 'all'
        }
        double number = state.number(param, mode);
        return chosen(
                switch (mode) {
                    case "k_best" -> highest(cleaned(scores), (int) Math.clamp(number, 0, count));
                    case "percentile" -> percentile(cleaned(scores), number);
                    case "fpr" -> below(chances(state, count), number, false);
                    case "fwe" -> below(chances(state, count), number / count, false);
                    case "fdr" -> falseDiscoveries(chances(state, count), number);
                    default -> throw state.unsupported("the mode " + Texts.shown(mode));
                },
                count,
                Accepts.FINITE);
    }

    private static double[] chances(State state, int count) throws LoadFailure {
        return state.vector("pvalues_", count);
    }

    private static BitSet all(int count) {
        var all = new BitSet(count);
        all.set(0, count);
        return all;
    }

    /** A score that is no number is the worst. */
    private static double[] cleaned(double[] scores) {
        return Arrays.stream(scores).map(s -> Double.isNaN(s) ? -Double.MAX_VALUE : s).toArray();
    }

    /** The highest so many; of equal ones the later. */
    private static BitSet highest(double[] scores, int count) {
        var ascending =
                IntStream.range(0, scores.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> scores[i]))
                        .toList();
        var kept = new BitSet(scores.length);
        ascending.subList(scores.length - count, scores.length).forEach(kept::set);
        return kept;
    }

    /** Above a percentile, and of those at it the first, up to the number that is due. */
    private static BitSet percentile(double[] scores, double percent) {
        if (percent >= 100 || percent <= 0) {
            return percent <= 0 ? new BitSet() : all(scores.length);
        }
        double threshold = percentileOf(scores, 100 - percent);
        var kept = above(scores, threshold);
        int due = (int) (scores.length * percent / 100) - kept.cardinality();
        for (int i = 0; i < scores.length && due > 0; i++) {
            if (scores[i] == threshold) {
                kept.set(i);
                due--;
            }
        }
        return kept;
    }

    /** Between the two values that lie about a percentile, in proportion. */
    private static double percentileOf(double[] values, double percent) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        double at = percent / 100 * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        double part = at - below;
        double apart = sorted[above] - sorted[below];
        return part < 0.5 ? sorted[below] + apart * part : sorted[above] - apart * (1 - part);
    }

    private static BitSet below(double[] chances, double limit, boolean itself) {
        var kept = new BitSet(chances.length);
        for (int i = 0; i < chances.length; i++) {
            kept.set(i, chances[i] < limit || (itself && chances[i] == limit));
        }
        return kept;
    }

    private static BitSet falseDiscoveries(double[] chances, double alpha) {
        var sorted = chances.clone();
        Arrays.sort(sorted);
        double limit = Double.NaN;
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] <= alpha / sorted.length * (i + 1)) {
                limit = sorted[i];
            }
        }
        return below(chances, limit, true);
    }

    /** By the weights or importances of an estimator that was fitted for it. */
    static Estimator fromModel(State state) throws LoadFailure {
        var estimator = state.part(state.has("estimator_") ? "estimator_" : "estimator");
        if (!state.text("importance_getter").orElse("auto").equals("auto")) {
            throw state.unsupported("an importance_getter");
        }
        var scores = Importances.of(state, estimator);
        double threshold = threshold(state, estimator, scores);
        var kept = state.has("max_features") ? first(state, scores) : all(scores.length);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < threshold) {
                kept.clear(i);
            }
        }
        return chosen(kept, scores.length, Accepts.FINITE_OR_NAN);
    }

    /** The highest so many; of equal ones the earlier. */
    private static BitSet first(State state, double[] scores) throws LoadFailure {
        int most = state.size(state.has("max_features_") ? "max_features_" : "max_features");
        var kept = new BitSet(scores.length);
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(most)
                .forEach(kept::set);
        return kept;
    }

    private static double threshold(State state, State estimator, double[] scores)
            throws LoadFailure {
        if (!state.has("threshold")) {
            return Importances.leavesZeros(estimator) ? 1e-5 : mean(scores);
        }
        if (!(state.needed("threshold") instanceof PyValue.Text(var said))) {
            return state.number("threshold");
        }
        int star = said.indexOf('*');
        double scale = star < 0 ? 1 : factor(state, said.substring(0, star).strip());
        return switch (said.substring(star + 1).strip()) {
            case "mean" -> scale * mean(scores);
            case "median" -> scale * percentileOf(scores, 50);
            default -> throw state.failure("threshold is '" + Texts.shown(said) + "'");
        };
    }

    private static double factor(State state, String text) throws LoadFailure {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException noNumber) {
            throw state.failure("threshold is '" + Texts.shown(text) + "' times something");
        }
    }

    private static double mean(double[] scores) {
        return Arrays.stream(scores).sum() / scores.length;
    }

    private static Estimator chosen(BitSet kept, int columns, Accepts accepts) {
        return new Transformer(new Chosen(columns, kept.stream().toArray(), accepts));
    }
}
