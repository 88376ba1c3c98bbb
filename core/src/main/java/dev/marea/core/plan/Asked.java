package dev.marea.core.plan;

import dev.marea.core.spec.Reason;
import dev.marea.core.spec.Service;
import java.util.List;
import java.util.Optional;

/** What a manifest asks to run, once its runtime is chosen and its pods are rendered. */
public sealed interface Asked {
    /**
     * A spec that can run.
     *
     * @param stable the identity of the predictor's revision
     * @param candidates what became of each candidate, in the order of the manifest
     */
    record Fit(
            String stable, List<Candidate> candidates, Optional<ServiceStatus.RuntimeRef> runtime)
            implements Asked {
        public Fit {
            candidates = List.copyOf(candidates);
        }
    }

    /** A version beside the stable one, rendered; it may be unfit alone. */
    sealed interface Candidate permits Identity, Unfit {}

    /** The identity of a candidate's revision. */
    record Identity(String hash) implements Candidate {}

    /** A spec that cannot run; whatever ran before goes on. */
    record Unfit(Reason reason, String message) implements Asked, Candidate {
        public static Unfit of(RuntimeChoice.NoneFits none) {
            return new Unfit(none.reason(), none.message());
        }
    }

    /**
     * Names the revisions of a service.
     *
     * @param version the name of the predictor that it is made of, where it has one
     * @param number counts from 1
     */
    static String revisionName(Service service, Optional<String> version, long number) {
        var infix = version.map(v -> v + "-").orElse("");
        return "%s-%spredictor-%05d".formatted(service.id().name(), infix, number);
    }
}
