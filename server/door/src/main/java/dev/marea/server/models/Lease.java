package dev.marea.server.models;

import dev.marea.server.config.ModelConfig;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import java.util.List;
import java.util.Optional;

/**
 * A model that stays in memory until this is closed.
 *
 * @param method how it is asked where the request does not say; empty: its own first method
 * @param config how it is served
 * @param tally where its work is counted
 */
public record Lease(
        String model,
        String version,
        LoadedModel loaded,
        Optional<Method> method,
        ModelConfig config,
        Tally tally,
        Runnable release)
        implements AutoCloseable {
    public Lease(
            String model,
            String version,
            LoadedModel loaded,
            Optional<Method> method,
            Runnable release) {
        this(model, version, loaded, method, ModelConfig.PLAIN, new Tally(), release);
    }

    /** The outputs wanted, by the method that this server was told to use. */
    public Asked asked(List<String> outputs) {
        return new Asked(method, outputs);
    }

    @Override
    public void close() {
        release.run();
    }
}
