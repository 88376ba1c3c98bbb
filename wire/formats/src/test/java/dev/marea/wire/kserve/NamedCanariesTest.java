package dev.marea.wire.kserve;

import static dev.marea.wire.kserve.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.marea.core.spec.Autoscaling.Scaler;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Rollout.Candidate;
import dev.marea.core.spec.Scale;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** KServe's list of named versions, {@code spec.canary}. */
class NamedCanariesTest {
    private static final String MODEL = "model: {modelFormat: {name: sklearn}, storageUri: /%s}";

    /** A service whose predictor and canaries are given in YAML's flow form. */
    private static Json.Obj service(String predictor, String canaries) {
        return yaml(
                """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: iris, namespace: demo, resourceVersion: "7"}
                spec:
                  predictor: {%s}
                  canary: %s
                """
                        .formatted(predictor, canaries));
    }

    private static String stable(String more) {
        return MODEL.formatted(1) + more;
    }

    private static String canary(String name, int percent, String more) {
        return "{predictor: {name: %s, %s%s}, trafficPercent: %d}"
                .formatted(name, MODEL.formatted(name), more, percent);
    }

    private static List<Candidate> candidates(Json.Obj service) throws InvalidManifest {
        return InferenceServices.read(service).service().candidates();
    }

    @Test
    void everyEntryIsAVersionOfItsOwn() throws Exception {
        var manifest =
                InferenceServices.read(
                        service(
                                stable(", nodeSelector: {a: b}"),
                                "[%s, %s]".formatted(canary("v2", 10, ""), canary("v3", 25, ""))));
        assertThat(manifest.service().candidates())
                .extracting(Candidate::name, Candidate::traffic)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Optional.of("v2"), new Percent(10)),
                        org.assertj.core.groups.Tuple.tuple(Optional.of("v3"), new Percent(25)));
        assertThat(manifest.candidates().getFirst().text("model", "storageUri")).hasValue("/v2");
        assertThat(manifest.candidates().getFirst().has("nodeSelector"))
                .as("nothing is merged into it")
                .isFalse();
        assertThat(manifest.service().warnings()).isEmpty();
    }

    @Test
    void anEmptyListIsNoCanary() throws Exception {
        assertThat(InferenceServices.read(service(stable(""), "[]")).service().rollout())
                .isEqualTo(new Rollout.Latest());
    }

    /** What is said of the stable version's scale, and the bounds of a canary with 15 percent. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | 1 | 0",
                ", minReplicas: 10, maxReplicas: 40 | '' | 2 | 40",
                ", minReplicas: 10, maxReplicas: 40 | , minReplicas: 5 | 5 | 40",
                ", minReplicas: 0, maxReplicas: 4 | '' | 0 | 4",
                ", minReplicas: 10, maxReplicas: 40, scaleMetric: cpu | '' | 2 | 2"
            })
    void aCanaryHasItsPartOfTheReplicas(String stable, String more, int min, int max)
            throws Exception {
        var one =
                candidates(service(stable(stable), "[" + canary("v2", 15, more) + "]")).getFirst();
        assertThat(one.component().scale()).isEqualTo(new Scale(min, max));
        assertThat(one.component().autoscaling().scaler())
                .as("two autoscalers of others cannot be told apart")
                .isEqualTo(Scaler.MAREA);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{predictor: {model: {modelFormat: {name: a}}}, trafficPercent: 5}] | spec.canary[0].predictor.name: is missing: it tells a canary from the other versions",
                "[{predictor: {name: v2, model: {modelFormat: {name: a}}}}] | spec.canary[0].trafficPercent: is missing: a canary needs its share of the traffic, 0 to 100",
                "[{trafficPercent: 5}] | spec.canary[0].predictor: is missing: give name, and model or containers",
                "[{predictor: {name: v2, model: {modelFormat: {name: a}}}, trafficPercent: 101}] | spec.canary[0].trafficPercent: must be 0 to 100, was 101",
                "[{predictor: {name: v2, model: {modelFormat: {name: a}}}, percent: 5}] | spec.canary[0].percent: unknown field",
                "[{predictor: {name: v2, modle: {modelFormat: {name: a}}}, trafficPercent: 5}] | spec.canary[0].predictor.modle: unknown field, did you mean \"model\"?",
                "[{predictor: {name: v2, model: {modelFormat: {name: a}}}, trafficPercent: 60}, {predictor: {name: v3, model: {modelFormat: {name: a}}}, trafficPercent: 41}] | spec.canary: the shares add up to 101 percent, at most 100 can be given",
                "[{predictor: {name: v1, model: {modelFormat: {name: a}}}, trafficPercent: 5}] | spec.canary[0].predictor.name: \"v1\" is the name of another version already",
                "[{predictor: {name: prev, model: {modelFormat: {name: a}}}, trafficPercent: 5}] | spec.canary[0].predictor.name: \"prev\" is what requests call revisions by",
                "[{predictor: {name: V2, model: {modelFormat: {name: a}}}, trafficPercent: 5}] | spec.canary[0].predictor.name: \"V2\" must be lower-case letters, digits and dashes, a letter or digit first and last",
                "[{predictor: {name: a2345678901234567890123456789012345678901234, model: {modelFormat: {name: a}}}, trafficPercent: 5}] | spec.canary[0].predictor.name: has 44 characters, at most 42 are taken beside the service's name",
                "[{predictor: {name: v2, model: {modelFormat: {name: a}}, maxReplicas: 3}, trafficPercent: 5}] | spec.canary[0].predictor.maxReplicas: is the same for all versions of a service and has one place: spec.predictor.maxReplicas",
                "[{predictor: {name: v2, model: {modelFormat: {name: a}}, minReplicas: 3}, trafficPercent: 5}] | spec.canary[0].predictor.minReplicas: is 3 and more than the stable version's, which is 1",
                "[{predictor: {name: v2, model: {modelFormat: {name: a}}, workerSpec: {}}, trafficPercent: 5}] | spec.canary[0].predictor.workerSpec: a canary runs on one node",
                "[{predictor: {name: v2}, trafficPercent: 5}] | spec.canary[0].predictor: names nothing to run",
                "{predictor: {}} | spec.canary: is of v1alpha2, which KServe removed in 0.7",
                "text | spec.canary: is of v1alpha2",
            })
    void aMistakeIsNamedWithItsPlace(String canaries, String message) {
        assertThat(refusal(service("name: v1, " + stable(""), canaries))).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"canaryTrafficPercent: 10", "canary: {model: {storageUri: /3}}"})
    void oneFormOfACanaryExcludesTheOthers(String other) {
        assertThat(refusal(service(stable(", " + other), "[" + canary("v2", 10, "") + "]")))
                .contains("says the same as spec.canary in another form; keep one of them");
    }

    @Test
    void aListThatIsTooLongIsRefused() {
        var many = String.join(", ", java.util.Collections.nCopies(11, canary("v2", 1, "")));
        assertThat(refusal(service(stable(""), "[" + many + "]")))
                .isEqualTo("spec.canary: has 11 entries, at most 10 are taken");
    }

    @Test
    void promotingGivesThePredictorTheNameAndTheModelAndNothingElseChanges() throws Exception {
        var service =
                service(
                        "name: v1, " + stable(", minReplicas: 4, maxReplicas: 9"),
                        "[%s, %s]".formatted(canary("v2", 10, ""), canary("v3", 5, "")));
        var before = InferenceServices.read(service);
        var patch = CanarySteps.promote(service, "v2");
        assertThat(patch.text("metadata", "resourceVersion")).hasValue("7");
        var after = InferenceServices.read(CanaryTest.merge(service, patch));
        assertThat(after.service().predictorName()).hasValue("v2");
        assertThat(after.service().rollout()).isEqualTo(new Rollout.Latest());
        assertThat(after.service().predictor().scale()).isEqualTo(new Scale(4, 9));
        assertThat(after.predictor().without("minReplicas").without("maxReplicas"))
                .isEqualTo(before.candidates().getFirst());
    }

    @Test
    void rollingBackDropsTheListOrOneOfIt() throws Exception {
        var service =
                service(
                        stable(""),
                        "[%s, %s]".formatted(canary("v2", 10, ""), canary("v3", 5, "")));
        var without = CanaryTest.merge(service, CanarySteps.rollback(service));
        assertThat(without.at("spec", "canary")).isEmpty();
        var one = CanaryTest.merge(service, CanarySteps.rollback(service, "v2"));
        assertThat(CanarySteps.names(one)).containsExactly("v3");
    }

    @Test
    void aShareIsChangedWhereItStands() throws Exception {
        var service = service(stable(""), "[" + canary("v2", 10, "") + "]");
        var patch = CanarySteps.share(service, Optional.of("v2"), 40);
        assertThat(candidates(CanaryTest.merge(service, patch)).getFirst().traffic())
                .isEqualTo(new Percent(40));
    }

    @Test
    void tagRoutingIsAskedForByAnAnnotation() throws Exception {
        var service =
                service(stable(""), "[]")
                        .withAt(
                                List.of("metadata", "annotations", Annotations.TAG_ROUTING),
                                Json.of("true"));
        assertThat(InferenceServices.read(service).service().tagRouting()).isTrue();
        assertThat(
                        refusal(
                                service(stable(""), "[]")
                                        .withAt(
                                                List.of(
                                                        "metadata",
                                                        "annotations",
                                                        Annotations.TAG_ROUTING),
                                                Json.of("yes"))))
                .contains("\"yes\" is not one of true, false");
    }

    private static String refusal(Json.Obj service) {
        return String.valueOf(
                catchThrowableOfType(InvalidManifest.class, () -> InferenceServices.read(service))
                        .getMessage());
    }
}
