package dev.marea.core.spec;

import java.util.Optional;

/** What a component runs: a model on a serving runtime, or containers of the author's own. */
public sealed interface Workload {
    /**
     * A model.
     *
     * @param severalNodes whether one replica of it stands on several nodes
     */
    record Model(
            ModelFormat format,
            Optional<String> storageUri,
            Optional<String> runtime,
            Optional<Protocol> protocol,
            boolean severalNodes)
            implements Workload {
        /** One that fits a single node. */
        public Model(
                ModelFormat format,
                Optional<String> storageUri,
                Optional<String> runtime,
                Optional<Protocol> protocol) {
            this(format, storageUri, runtime, protocol, false);
        }
    }

    record Custom() implements Workload {}
}
