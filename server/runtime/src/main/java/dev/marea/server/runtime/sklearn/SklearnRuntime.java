package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import dev.marea.server.runtime.pickle.PickleLimits;
import dev.marea.server.runtime.pickle.PickleReader;
import dev.marea.server.runtime.pickle.PyObject;
import dev.marea.server.runtime.pickle.PyValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Serves pickles and joblib files of fitted scikit-learn estimators. */
public final class SklearnRuntime implements ModelRuntime {
    private final PickleLimits limits;

    public SklearnRuntime() {
        this(PickleLimits.DEFAULT);
    }

    public SklearnRuntime(PickleLimits limits) {
        this.limits = limits;
    }

    @Override
    public String format() {
        return "sklearn";
    }

    @Override
    public List<String> endings() {
        return List.of(".joblib", ".pkl", ".pickle");
    }

    @Override
    public LoadedModel load(Path file) throws LoadFailure {
        var pickled = PickleReader.open(file, limits);
        if (!(pickled.root() instanceof PyObject object)) {
            throw new LoadFailure(
                    file,
                    "holds " + pickled.root().kind() + " where an estimator is needed",
                    "save the fitted estimator or pipeline by itself");
        }
        var loading = new Loading(file, pickled.bytes());
        var estimator = loading.estimator(object, object);
        if (estimator.step().columnsIn() == Step.OPEN) {
            throw new LoadFailure(
                    file,
                    "it does not say how many columns it takes",
                    "save it with a newer scikit-learn, or in a pipeline with what comes after it");
        }
        return new SklearnModel(
                estimator,
                names(file, object, estimator),
                Map.of("estimator", object.type().name(), "sklearn_version", version(object)),
                loading.bytes());
    }

    /** A booster knows its columns' names itself. */
    private static List<String> names(Path file, PyObject object, Estimator estimator)
            throws LoadFailure {
        var names = ColumnNames.of(file, object, estimator.step().columnsIn());
        if (!names.isEmpty()) {
            return names;
        }
        return estimator.step() instanceof LightgbmStep trees
                ? trees.booster().names()
                : XgboostModels.names(estimator.step());
    }

    private static String version(PyObject object) {
        return object.attribute("_sklearn_version").orElse(PyValue.None.NONE)
                        instanceof PyValue.Text(var text)
                ? text
                : "unknown";
    }
}
