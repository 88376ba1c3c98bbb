package dev.marea.wire.kserve;

import dev.marea.core.spec.DeploymentMode;
import dev.marea.wire.json.Json;
import dev.marea.wire.text.Nearest;
import java.util.List;
import java.util.Optional;

/** The deployment mode in all its spellings. Both modes behave alike. */
final class Modes {
    private static final String FIELD = "metadata.annotations[" + Annotations.DEPLOYMENT_MODE + "]";
    private static final List<String> PRESENT = List.of("Standard", "Knative");

    private Modes() {}

    /** The mode that the status has recorded, else the annotated one, else the platform's. */
    static DeploymentMode read(
            Json.Obj object, DeploymentMode otherwise, Problems problems, List<String> warnings) {
        var annotated = annotated(object, problems, warnings);
        return recorded(object).or(() -> annotated).orElse(otherwise);
    }

    static Optional<DeploymentMode> recorded(Json.Obj object) {
        return object.text("status", "deploymentMode").flatMap(Modes::of);
    }

    static Optional<String> annotation(Json.Obj object) {
        return object.text("metadata", "annotations", Annotations.DEPLOYMENT_MODE);
    }

    private static Optional<DeploymentMode> annotated(
            Json.Obj object, Problems problems, List<String> warnings) {
        var word = annotation(object);
        if (word.isEmpty()) {
            return Optional.empty();
        }
        var mode = of(word.get());
        if (mode.isEmpty()) {
            problems.notSupported(FIELD, refusal(word.get()));
        } else if (!PRESENT.contains(word.get())) {
            warnings.add(
                    "%s: \"%s\" is the older word for \"%s\""
                            .formatted(FIELD, word.get(), mode.get().wireName()));
        }
        return mode;
    }

    private static String refusal(String word) {
        return word.equals("ModelMesh")
                ? "ModelMesh is not served: it packs models into shared processes that KServe has left to another project; use Standard or leave the annotation out"
                : "\"%s\" is not one of Standard, Knative%s"
                        .formatted(word, Nearest.hint(word, PRESENT));
    }

    static Optional<DeploymentMode> of(String word) {
        return switch (word) {
            case "Standard", "RawDeployment" -> Optional.of(DeploymentMode.STANDARD);
            case "Knative", "Serverless" -> Optional.of(DeploymentMode.KNATIVE);
            default -> Optional.empty();
        };
    }
}
