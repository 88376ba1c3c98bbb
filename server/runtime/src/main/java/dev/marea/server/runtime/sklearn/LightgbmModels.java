package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.lightgbm.BadModel;
import dev.marea.server.runtime.lightgbm.Booster;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.nio.charset.StandardCharsets;

/** LightGBM's own estimators: a booster, whose text lies in the pickle, and perhaps labels. */
final class LightgbmModels {
    private LightgbmModels() {}

    static Estimator classifier(State state) throws LoadFailure {
        var trees = read(state.part("_Booster"));
        var classes = state.part("_le").classes();
        boolean pair = trees.width() == 1 && classes.count() == 2;
        if (!pair && trees.width() != classes.count()) {
            throw state.failure(
                    "%d classes for %d scores of the trees"
                            .formatted(classes.count(), trees.width()));
        }
        return new Classifier(
                new LightgbmStep(trees, pair), classes, Choice.HIGHEST, Link.IDENTITY, false);
    }

    static Estimator regressor(State state) throws LoadFailure {
        return booster(state.part("_Booster"));
    }

    /** A booster pickled by itself answers what its predict answers. */
    static Estimator booster(State state) throws LoadFailure {
        var trees = read(state);
        return new Regressor(new LightgbmStep(trees, false), trees.width() == 1);
    }

    /** Stopped early, it holds all iterations and answers by the best. */
    private static Booster read(State booster) throws LoadFailure {
        var text =
                booster.text(booster.has("_handle") ? "_handle" : "handle")
                        .orElseThrow(() ->
                                booster.failure("has no text of its trees (_handle; not fitted?)"));
        booster.charge(text.length());
        int best = booster.has("best_iteration") ? best(booster) : 0;
        try {
            return Booster.read(text.getBytes(StandardCharsets.UTF_8)).first(best);
        } catch (BadModel bad) {
            throw booster.failure("its text, line " + bad.line() + ": " + bad.reason());
        }
    }

    /** Before 4.0, -1 stood for none. */
    private static int best(State booster) throws LoadFailure {
        return (int) Math.clamp(booster.number("best_iteration"), -1.0, Integer.MAX_VALUE);
    }
}
