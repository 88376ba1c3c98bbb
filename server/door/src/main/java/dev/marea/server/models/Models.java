package dev.marea.server.models;

import dev.marea.server.config.ModelConfig;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Runtimes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models of this process: which there are, and whether each may be asked yet, or still. */
public final class Models implements AutoCloseable {
    private static final String FIRST_VERSION = "1";

    private final ModelSettings settings;
    private volatile @Nullable LoadedModel loaded;
    private volatile boolean draining;
    private final Tally tally = new Tally();

    public Models(ModelSettings settings) {
        this.settings = settings;
    }

    /** Whether all that this process was started with is ready, and nothing ends. */
    public boolean isReady() {
        return loaded != null && !draining;
    }

    public List<String> names() {
        return List.of(settings.name());
    }

    /** Whether this model answers now. Refuses what is not known here. */
    public boolean isReady(String name, Optional<String> version) throws Refused {
        checkKnown(name, version);
        return isReady();
    }

    public List<String> versions(String name) throws Refused {
        checkKnown(name, Optional.empty());
        return List.of(FIRST_VERSION);
    }

    public ModelMetadata metadata(String name, Optional<String> version) throws Refused {
        checkKnown(name, version);
        var model = loaded;
        if (model == null) {
            throw Refused.notReady(name);
        }
        return model.metadata();
    }

    /** Refuses what {@link #lease} would refuse, before a body is read. Never waits. */
    public void check(String name, Optional<String> version) throws Refused {
        checkKnown(name, version);
        if (loaded == null) {
            throw Refused.notReady(name);
        }
    }

    private void checkKnown(String name, Optional<String> version) throws Refused {
        if (!name.equals(settings.name())) {
            throw Refused.noModel(name);
        }
        if (version.isPresent() && !version.get().equals(FIRST_VERSION)) {
            throw Refused.noVersion(name, version.get());
        }
    }

    /**
     * The model for a prediction, if it is in memory: while draining, requests that still arrive
     * are served. Empty where it is known and must be loaded first ({@link #leaseLoading}). Never
     * waits.
     */
    public Optional<Lease> lease(String name, Optional<String> version) throws Refused {
        check(name, version);
        return Optional.of(leaseLoading(name, version));
    }

    /** As {@link #lease}, and loads it where needed. May take long: never on an event loop. */
    public Lease leaseLoading(String name, Optional<String> version) throws Refused {
        check(name, version);
        var model = loaded;
        if (model == null) {
            throw Refused.notReady(name);
        }
        return new Lease(name, FIRST_VERSION, model, method(), ModelConfig.PLAIN, tally, () -> {});
    }

    /**
     * Loads a model if it must be, and then calls this, on whatever thread; also where loading
     * failed, which {@link #lease} then says. Never waits.
     */
    public void whenLoaded(String name, Optional<String> version, Runnable then) throws Refused {
        checkKnown(name, version);
        then.run();
    }

    /** How a model is served: what the service and its own directory say. */
    public ModelConfig config(String name, Optional<String> version) throws Refused {
        checkKnown(name, version);
        return ModelConfig.PLAIN;
    }

    /** What each version that is in memory has done. */
    public List<ModelStatistics> statistics() {
        return List.of(tally.statistics(settings.name(), FIRST_VERSION));
    }

    /** The same of one model; of its one version, where that is named. */
    public List<ModelStatistics> statistics(String name, Optional<String> version) throws Refused {
        checkKnown(name, version);
        return statistics();
    }

    private Optional<Method> method() {
        return settings.probabilities() ? Optional.of(Method.PREDICT_PROBA) : Optional.empty();
    }

    /** The repository's index. */
    public List<ModelState> index() {
        var state = isReady() ? ModelState.State.READY : ModelState.State.UNAVAILABLE;
        return List.of(new ModelState(settings.name(), FIRST_VERSION, state, ""));
    }

    /** Loads a model of the repository, or loads it again. May take long. */
    public void load(String name) throws Refused {
        checkKnown(name, Optional.empty());
    }

    /** Takes a model out of service, when the requests that it has are answered. May take long. */
    public void unload(String name) throws Refused {
        checkKnown(name, Optional.empty());
        throw new Refused(Refused.Why.NOT_IMPLEMENTED, "This server serves one model only.");
    }

    /** Loads what the process was started with. */
    public void start(Runtimes runtimes) throws LoadFailure {
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

    public void drain() {
        draining = true;
    }

    @Override
    public void close() {
        var model = loaded;
        loaded = null;
        if (model != null) {
            model.close();
        }
    }
}
