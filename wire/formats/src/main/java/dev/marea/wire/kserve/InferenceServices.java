package dev.marea.wire.kserve;

import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Service;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads InferenceServices. Reading judges too: what can be read can be served, or fails later only
 * for what the manifest cannot know (no such runtime, no such model).
 */
public final class InferenceServices {
    static final String API_VERSION = "serving.kserve.io/v1beta1";
    public static final String KIND = "InferenceService";

    /** The annotation that chooses the deployment mode. */
    public static final String DEPLOYMENT_MODE = Annotations.DEPLOYMENT_MODE;

    private InferenceServices() {}

    /** A deployment mode by any of its names; empty for those that are not served. */
    public static Optional<DeploymentMode> mode(String word) {
        return Modes.of(word);
    }

    /** Where a canonical predictor tree takes its model from, by either of KServe's two ways. */
    public static Optional<String> storageUri(Json.Obj predictor) {
        return Predictors.storageUri(predictor).or(() -> Environment.storageUri(predictor));
    }

    /** The whole manifest, or everything that is wrong with it. */
    public static Manifest read(Json.Obj object) throws InvalidManifest {
        return read(object, DeploymentMode.KNATIVE);
    }

    /**
     * The same.
     *
     * @param otherwise the mode of a manifest that names none
     */
    public static Manifest read(Json.Obj object, DeploymentMode otherwise) throws InvalidManifest {
        var problems = new Problems(Crds.inferenceService());
        new Shape(problems).check(object);
        problems.refuseIfAny();
        var warnings = new ArrayList<String>();
        var manifest = new Reading(object, otherwise, problems, warnings).manifest();
        problems.refuseIfAny();
        return manifest.orElseThrow();
    }

    /** One reading; its methods add to {@code problems} and go on where they can. */
    private record Reading(
            Json.Obj object, DeploymentMode otherwise, Problems problems, List<String> warnings) {

        Optional<Manifest> manifest() {
            Names.check(object, problems, warnings);
            var mode = Modes.read(object, otherwise, problems, warnings);
            var stopped = flag(Annotations.STOP);
            var tagRouting = flag(Annotations.TAG_ROUTING);
            checkBudget();
            checkStorageSecret();
            checkSignatures();
            var predictor = object.object("spec", "predictor");
            Ignored.warn(object, warnings);
            Refused.checkSpec(object.object("spec"), problems);
            var canonical =
                    Implementations.canonical(predictor, Predictors.PATH, problems, warnings);
            var component = Predictors.read(object, canonical, Predictors.PATH, problems, warnings);
            var name = predictor.text("name").filter(n -> !n.isEmpty());
            name.ifPresent(n -> Names.checkVersion(object, n, "spec.predictor.name", problems));
            if (!problems.none()) {
                return Optional.empty();
            }
            var named = NamedCanaries.read(object, component, problems, warnings);
            var canary =
                    problems.none()
                            ? named.or(() -> Canaries.read(object, canonical, problems, warnings))
                            : named;
            if (!problems.none()) {
                return Optional.empty();
            }
            var service =
                    new Service(
                            id(),
                            object.text("metadata", "uid").orElse(""),
                            object.integer("metadata", "generation").orElse(0),
                            mode,
                            stopped,
                            object.at("metadata", "deletionTimestamp").isPresent(),
                            component,
                            name,
                            canary.<Rollout>map(Canaries.Read::rollout)
                                    .orElseGet(this::percentOnly),
                            tagRouting,
                            warnings);
            return Optional.of(
                    new Manifest(
                            service,
                            canonical.without("canary").without("canaryTrafficPercent"),
                            canary.map(Canaries.Read::trees).orElse(List.of())));
        }

        private ServiceId id() {
            return new ServiceId(
                    object.text("metadata", "namespace")
                            .filter(n -> !n.isEmpty())
                            .orElse("default"),
                    object.text("metadata", "name").orElseThrow());
        }

        private Rollout percentOnly() {
            var percent = object.integer("spec", "predictor", "canaryTrafficPercent").orElse(100);
            return percent == 100
                    ? new Rollout.Latest()
                    : new Rollout.Canary(new Percent((int) percent));
        }

        private void checkBudget() {
            object.text("metadata", "annotations", Annotations.DISRUPTION_BUDGET)
                    .filter(v -> !v.matches("none|\\d{1,4}|100%|\\d{1,2}%"))
                    .ifPresent(v ->
                            problems.invalid(
                                    "metadata.annotations[" + Annotations.DISRUPTION_BUDGET + "]",
                                    "is how many replicas may be missing while nodes are drained: a number, a percentage such as 25%%, or none; was \"%s\""
                                            .formatted(v)));
        }

        private void checkStorageSecret() {
            object.text("metadata", "annotations", Annotations.STORAGE_SECRET)
                    .filter(v -> !v.matches("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?"))
                    .ifPresent(v ->
                            problems.invalid(
                                    "metadata.annotations[" + Annotations.STORAGE_SECRET + "]",
                                    "is the name of a Secret of this namespace, was \"%s\""
                                            .formatted(v)));
        }

        private void checkSignatures() {
            var annotations = object.object("metadata", "annotations");
            var policy = annotations.text(FetchTerms.SIGNATURES_ANNOTATION);
            policy.filter(v -> !v.matches("off|warn|require"))
                    .ifPresent(v ->
                            problems.notSupported(
                                    "metadata.annotations["
                                            + FetchTerms.SIGNATURES_ANNOTATION
                                            + "]",
                                    "\"" + v + "\" is not one of off, warn, require"));
            annotations
                    .text(FetchTerms.SIGNERS_ANNOTATION)
                    .filter(v -> !v.contains("-----BEGIN PUBLIC KEY-----"))
                    .ifPresent(_ ->
                            problems.invalid(
                                    "metadata.annotations[" + FetchTerms.SIGNERS_ANNOTATION + "]",
                                    "holds public keys as PEM, each between -----BEGIN PUBLIC KEY----- and its END"));
        }

        private boolean flag(String annotation) {
            var value = object.text("metadata", "annotations", annotation);
            value.filter(v -> !v.equalsIgnoreCase("true") && !v.equalsIgnoreCase("false"))
                    .ifPresent(v ->
                            problems.notSupported(
                                    "metadata.annotations[" + annotation + "]",
                                    "\"" + v + "\" is not one of true, false"));
            return value.filter(v -> v.equalsIgnoreCase("true")).isPresent();
        }
    }
}
