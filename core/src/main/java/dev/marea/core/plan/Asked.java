package dev.marea.core.plan;

import dev.marea.core.spec.Reason;
import dev.marea.core.spec.Service;
import java.util.Optional;

/** What a manifest asks to run, once its runtime is chosen and its pods are rendered. */
public sealed interface Asked {
    /**
     * A spec that can run.
     *
     * @param stable the identity of the predictor's revision
     * @param candidate that of the canary block's revision
     */
    record Fit(
            String stable, Optional<String> candidate, Optional<ServiceStatus.RuntimeRef> runtime)
            implements Asked {}

    /** A spec that cannot run; whatever ran before goes on. */
    record Unfit(Reason reason, String message) implements Asked {
        public static Unfit of(RuntimeChoice.NoneFits none) {
            return new Unfit(none.reason(), none.message());
        }
    }

    /**
     * Names the revisions of a service.
     *
     * @param number counts from 1
     */
    static String revisionName(Service service, long number) {
        return "%s-predictor-%05d".formatted(service.id().name(), number);
    }
}
