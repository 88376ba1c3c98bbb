package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import java.nio.file.Path;
import java.util.List;

/** Serves pickles and joblib files of scikit-learn estimators. */
public final class SklearnRuntime implements ModelRuntime {
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
        throw new LoadFailure(file, "the sklearn runtime is being built", "");
    }
}
