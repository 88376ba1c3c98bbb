package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Serves what {@code Booster.save_model} writes, and boosters that were pickled, whatever the file
 * is called.
 */
public final class XgboostRuntime implements ModelRuntime {
    @Override
    public String format() {
        return "xgboost";
    }

    @Override
    public List<String> endings() {
        return List.of(".ubj", ".json", ".bst", ".model", ".xgb");
    }

    /** Settings and metadata in JSON lie beside models, and .bst is LightGBM's ending too. */
    @Override
    public boolean recognizes(Path file) {
        try {
            return FileFormat.begins(ModelBytes.head(file));
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Override
    public LoadedModel load(Path file) throws LoadFailure {
        return new XgboostModel(
                isPickle(file) ? PickledBooster.read(file) : Booster.read(ModelBytes.read(file)));
    }

    private static boolean isPickle(Path file) {
        try {
            return PickledBooster.isPickle(file);
        } catch (IOException unreadable) {
            return false; // reading it as a model says why
        }
    }
}
