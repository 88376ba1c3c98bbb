package dev.marea.wire.kserve;

import dev.marea.core.spec.Service;
import dev.marea.wire.json.Json;
import java.util.List;

/**
 * An InferenceService as read: the typed service, and the canonical predictor trees whose pod parts
 * the operator renders. Legacy blocks ({@code sklearn: ...}) have become {@code model}; a seed-form
 * canary has been merged over the predictor. The user's own manifest is never rewritten.
 *
 * @param candidates the trees of the service's candidates, in their order
 */
public record Manifest(Service service, Json.Obj predictor, List<Json.Obj> candidates) {
    public Manifest {
        candidates = List.copyOf(candidates);
        if (candidates.size() != service.candidates().size()) {
            throw new IllegalArgumentException(
                    "need a tree for each of %d candidates, was %d"
                            .formatted(service.candidates().size(), candidates.size()));
        }
    }

    /** Where a candidate stands in the user's manifest, for messages. */
    public String candidatePath(int index) {
        return service.candidates().get(index).name().isPresent()
                ? "spec.canary[%d].predictor".formatted(index)
                : "spec.predictor.canary";
    }
}
