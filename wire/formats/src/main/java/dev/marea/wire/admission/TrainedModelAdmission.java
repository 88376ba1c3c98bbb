package dev.marea.wire.admission;

import dev.marea.core.spec.TrainedModel;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.TrainedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Admits TrainedModels. Whether the service exists and has room is said by conditions, as a model
 * may be applied before it.
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
        TrainedModel model;
        try {
            model = TrainedModels.read(after);
        } catch (InvalidManifest invalid) {
            return new Verdict(Refusals.of(invalid), List.of());
        }
        var errors = new ArrayList<FieldError>();
        before.ifPresent(stored -> checkUnchanged(stored, after, errors));
        StorageRules.refused(model.storageUri(), oneMachine)
                .map(message -> FieldError.invalid("spec.model.storageUri", message))
                .ifPresent(errors::add);
        return new Verdict(errors, List.of());
    }

    private static void checkUnchanged(Json.Obj before, Json.Obj after, List<FieldError> errors) {
        if (!TrainedModels.units(before).equals(TrainedModels.units(after))) {
            errors.add(
                    FieldError.invalid(
                            "spec.model.memory",
                            "cannot be changed, as room was made by it; delete the model and create it anew"));
        }
        if (!before.at("spec", "inferenceService").equals(after.at("spec", "inferenceService"))) {
            errors.add(
                    FieldError.invalid(
                            "spec.inferenceService",
                            "cannot be changed; delete the model and create it anew"));
        }
    }
}
