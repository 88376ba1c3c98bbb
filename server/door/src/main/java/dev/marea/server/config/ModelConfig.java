package dev.marea.server.config;

import dev.marea.server.runtime.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one model is served.
 *
 * @param backend Triton's backend or platform, where one is named
 * @param instances runs of this model at once; empty: as many as the server has workers
 * @param inputs as the file names them, without the batch's dimension where there is one
 */
public record ModelConfig(
        Optional<String> backend,
        Batching batching,
        VersionPolicy versions,
        OptionalInt instances,
        List<TensorSpec> inputs,
        List<TensorSpec> outputs) {
    /** Nothing was said. */
    public static final ModelConfig PLAIN =
            new ModelConfig(
                    Optional.empty(),
                    Batching.PLAIN,
                    new VersionPolicy.Latest(1),
                    OptionalInt.empty(),
                    List.of(),
                    List.of());

    public ModelConfig {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        if (instances.isPresent() && instances.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "the number of instances must be positive, was " + instances.getAsInt());
        }
    }

    public ModelConfig with(Batching service) {
        return new ModelConfig(
                backend, batching.overriddenBy(service), versions, instances, inputs, outputs);
    }
}
