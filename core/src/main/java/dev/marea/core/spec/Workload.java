package dev.marea.core.spec;

import java.util.Optional;

/** What a component runs: a model on a serving runtime, or containers of the author's own. */
public sealed interface Workload {
    record Model(
            ModelFormat format,
            Optional<String> storageUri,
            Optional<String> runtime,
            Optional<Protocol> protocol)
            implements Workload {}

    record Custom() implements Workload {}
}
