package dev.marea.wire.admission;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.ModelCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Admits LocalModelCaches, of the cluster and of namespaces.
 *
 * @param oneMachine as for {@link InferenceServiceAdmission}
 */
public record ModelCacheAdmission(boolean oneMachine) implements Admission {
    private static final String URI = "spec.sourceModelUri";

    @Override
    public Verdict review(Optional<Json.Obj> before, Json.Obj after) {
        if (after.at("metadata", "deletionTimestamp").isPresent()) {
            return Verdict.PASS;
        }
        try {
            var cache = ModelCache.read(after);
            var errors = new ArrayList<FieldError>();
            before.flatMap(b -> b.text("spec", "sourceModelUri"))
                    .filter(uri -> !uri.equals(cache.uri()))
                    .map(_ ->
                            FieldError.invalid(
                                    URI, "cannot be changed; create another cache instead"))
                    .ifPresent(errors::add);
            StorageRules.refused(cache.uri(), oneMachine)
                    .map(message -> FieldError.invalid(URI, message))
                    .ifPresent(errors::add);
            return new Verdict(errors, List.of());
        } catch (InvalidManifest invalid) {
            return new Verdict(Refusals.of(invalid), List.of());
        }
    }
}
