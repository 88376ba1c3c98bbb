package dev.marea.wire.admission;

import dev.marea.core.spec.TrainedModel;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.TrainedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Admits TrainedModels. A service that is not there yet is no mistake: manifests come in any order,
 * and the status tells.
 *
 * @param oneMachine as for {@link InferenceServiceAdmission}
 */
public record TrainedModelAdmission(boolean oneMachine) implements Admission {

    @Override
    public Verdict review(Optional<Json.Obj> before, Json.Obj after) {
        if (after.at("metadata", "deletionTimestamp").isPresent()
                || before.filter(b -> b.object("spec").equals(after.object("spec"))).isPresent()) {
            return Verdict.PASS;
        }
        try {
            var model = TrainedModels.read(after);
            var errors = new ArrayList<FieldError>();
            StorageRules.refused(model.storageUri(), oneMachine)
                    .map(why -> FieldError.invalid("spec.model.storageUri", why))
                    .ifPresent(errors::add);
            if (before.isPresent()) {
                errors.addAll(changed(TrainedModels.read(before.get()), model));
            }
            return new Verdict(errors, List.of());
        } catch (InvalidManifest invalid) {
            return new Verdict(Refusals.of(invalid), List.of());
        }
    }

    private static List<FieldError> changed(TrainedModel before, TrainedModel after) {
        var errors = new ArrayList<FieldError>();
        if (before.memory().bytes() != after.memory().bytes()) {
            errors.add(fixed("spec.model.memory", before.memory().text(), after.memory().text()));
        }
        if (!before.service().equals(after.service())) {
            errors.add(fixed("spec.inferenceService", before.service(), after.service()));
        }
        return errors;
    }

    private static FieldError fixed(String field, String was, String now) {
        return FieldError.invalid(
                field,
                "cannot change from %s to %s; delete the model and create it anew"
                        .formatted(was, now));
    }
}
