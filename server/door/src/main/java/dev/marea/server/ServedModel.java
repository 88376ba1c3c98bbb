package dev.marea.server;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Runtimes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one model of this process: its name, and whether it may be asked yet, or still. */
final class ServedModel {
    private final ServerSettings settings;
    private volatile @Nullable LoadedModel loaded;
    private volatile boolean draining;

    ServedModel(ServerSettings settings) {
        this.settings = settings;
    }

    String name() {
        return settings.modelName();
    }

    boolean isReady() {
        return loaded != null && !draining;
    }

    /** The model for a prediction: while draining, requests that still arrive are served. */
    Optional<LoadedModel> loaded() {
        return Optional.ofNullable(loaded);
    }

    void load(Runtimes runtimes) throws LoadFailure {
        var format = settings.format();
        var model =
                format.isPresent()
                        ? runtimes.load(settings.model(), format.get())
                        : runtimes.load(settings.model());
        var methods = model.metadata().methods();
        if (settings.probabilities() && !methods.contains(Method.PREDICT_PROBA)) {
            model.close();
            throw new LoadFailure(
                    settings.model(),
                    "PREDICT_PROBA is true, but this model answers only " + methods,
                    "unset PREDICT_PROBA or serve a classifier with probabilities");
        }
        loaded = model;
    }

    /** How a request asks the model, as the process was told. */
    Asked asked(List<String> outputs) {
        return new Asked(
                settings.probabilities() ? Optional.of(Method.PREDICT_PROBA) : Optional.empty(),
                outputs);
    }

    void drain() {
        draining = true;
    }

    void close() {
        var model = loaded;
        loaded = null;
        if (model != null) {
            model.close();
        }
    }
}
