package dev.marea.core.spec;

import java.util.List;
import java.util.Optional;

/**
 * An InferenceService as asked for, free of wire shapes; {@code warnings} are what its author
 * should hear.
 *
 * @param predictorName {@code predictor.name}, by which KServe tells named versions apart
 * @param tagRouting whether a request may name the revision that it wants by its tag
 */
public record Service(
        ServiceId id,
        String uid,
        long generation,
        DeploymentMode mode,
        boolean stopped,
        boolean deleting,
        Component predictor,
        Optional<String> predictorName,
        Rollout rollout,
        boolean tagRouting,
        List<String> warnings) {
    public Service {
        warnings = List.copyOf(warnings);
    }

    /** A service whose predictor has no name and whose revisions have no tags. */
    public Service(
            ServiceId id,
            String uid,
            long generation,
            DeploymentMode mode,
            boolean stopped,
            boolean deleting,
            Component predictor,
            Rollout rollout,
            List<String> warnings) {
        this(
                id,
                uid,
                generation,
                mode,
                stopped,
                deleting,
                predictor,
                Optional.empty(),
                rollout,
                false,
                warnings);
    }

    /** The versions that stand beside the predictor in the manifest. */
    public List<Rollout.Candidate> candidates() {
        return switch (rollout) {
            case Rollout.Beside(var candidates) -> candidates;
            case Rollout.Latest _, Rollout.Canary _ -> List.of();
        };
    }

    /** The same service, run otherwise. */
    public Service with(Component otherPredictor, Rollout otherRollout) {
        return new Service(
                id,
                uid,
                generation,
                mode,
                stopped,
                deleting,
                otherPredictor,
                predictorName,
                otherRollout,
                tagRouting,
                warnings);
    }
}
