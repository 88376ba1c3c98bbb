package dev.marea.core.plan;

import dev.marea.core.spec.Memory;
import java.util.Optional;
import java.util.Set;

/** What is known of the service that trained models name. */
public sealed interface ModelHost {
    String service();

    /** There is no such InferenceService, or it is going. */
    record Missing(String service) implements ModelHost {}

    /**
     * It is there.
     *
     * @param trouble why it is not ready; empty where it is
     * @param url where its requests are sent; empty until it has one
     * @param speaksV2 whether it is asked by the paths of V2
     * @param many what it can hold, where it serves many models at all
     */
    record Present(
            String service,
            Optional<String> trouble,
            Optional<String> url,
            Optional<String> address,
            boolean speaksV2,
            Optional<Room> many)
            implements ModelHost {}

    /**
     * What a replica of many models can hold.
     *
     * @param memory the limit of its container; without one nothing is counted
     */
    record Room(String runtime, Set<String> frameworks, Optional<Memory> memory) {
        public Room {
            frameworks = Set.copyOf(frameworks);
        }
    }
}
