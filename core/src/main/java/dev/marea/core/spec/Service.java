package dev.marea.core.spec;

import java.util.List;

/**
 * An InferenceService as asked for, free of wire shapes; {@code warnings} are what its author
 * should hear.
 */
public record Service(
        ServiceId id,
        String uid,
        long generation,
        DeploymentMode mode,
        boolean stopped,
        boolean deleting,
        Component predictor,
        Rollout rollout,
        List<String> warnings) {
    public Service {
        warnings = List.copyOf(warnings);
    }
}
