package dev.marea.wire.admission;

import dev.marea.core.spec.DeploymentMode;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InferenceServices;
import java.util.Optional;

/** The deployment mode is chosen once, and one of its spellings excludes a field. */
final class ModeRules {
    private static final String FIELD =
            "metadata.annotations[" + InferenceServices.DEPLOYMENT_MODE + "]";

    private ModeRules() {}

    /** As in KServe, the mode that the status has recorded cannot be annotated away. */
    static Optional<FieldError> changed(Json.Obj stored, Json.Obj after) {
        var recorded = stored.text("status", "deploymentMode").flatMap(InferenceServices::mode);
        var annotated = annotated(after);
        return recorded.isPresent() && annotated.isPresent() && recorded.get() != annotated.get()
                ? Optional.of(
                        FieldError.invalid(
                                FIELD,
                                "cannot change from %s to %s; delete the service and create it anew"
                                        .formatted(
                                                recorded.get().wireName(),
                                                annotated.get().wireName())))
                : Optional.empty();
    }

    /** KServe refuses the strategy where Knative is asked for by name, so manifests agree. */
    static Optional<FieldError> strategy(Json.Obj after) {
        return after.at("spec", "predictor", "deploymentStrategy").isPresent()
                        && annotated(after).filter(DeploymentMode.KNATIVE::equals).isPresent()
                ? Optional.of(
                        FieldError.invalid(
                                "spec.predictor.deploymentStrategy",
                                "is for the Standard mode only; drop it, or the annotation "
                                        + InferenceServices.DEPLOYMENT_MODE))
                : Optional.empty();
    }

    private static Optional<DeploymentMode> annotated(Json.Obj object) {
        return object.text("metadata", "annotations", InferenceServices.DEPLOYMENT_MODE)
                .flatMap(InferenceServices::mode);
    }
}
