package dev.marea.kubernetes.webhook;

import static dev.marea.kubernetes.webhook.Asked.created;
import static dev.marea.kubernetes.webhook.Asked.review;
import static dev.marea.kubernetes.webhook.Asked.service;
import static dev.marea.kubernetes.webhook.Asked.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.admission.KnownRuntimes;
import dev.marea.wire.admission.PodProfile;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
    private static final String SECRET =
            "volumes: [{name: a, secret: {secretName: token}}], serviceAccountName: deployer";

    private static Json.Obj answer(Asked world, Json.Obj document) throws IOException {
        var review = Review.read(document);
        return Judgement.answer(review, world.judge().judge(review)).object("response");
    }

    private static String message(Json answer) {
        return answer.text("status", "message").orElse("");
    }

    @Test
    void aGoodManifestIsAdmittedAndNobodyIsAsked() throws IOException {
        var world = new Asked();
        var answer = answer(world, created(service("minReplicas: 1")));

        assertThat(answer).isEqualTo(Json.Obj.of("uid", "42", "allowed", true));
        assertThat(world.questions).isEmpty();
    }

    @Test
    void aTypoIsRefusedWithItsPathAndTheNearestName() throws IOException {
        var answer = answer(new Asked(), created(service("canaryTraficPercent: 10")));

        assertThat(answer.flag("allowed")).isFalse();
        assertThat(answer.integer("status", "code")).hasValue(422);
        assertThat(message(answer))
                .startsWith(
                        "InferenceService.serving.kserve.io \"iris\" is invalid: spec.predictor.canaryTraficPercent: ")
                .contains("did you mean \"canaryTrafficPercent\"?");
        assertThat(answer.list("status", "details", "causes").getFirst().text("field"))
                .contains("spec.predictor.canaryTraficPercent");
    }

    @Test
    void whoMayNotUseASecretMayNotByUs() throws IOException {
        var answer = answer(new Asked(), created(service(SECRET)));

        assertThat(answer.integer("status", "code")).hasValue(403);
        assertThat(answer.text("status", "reason")).contains("Forbidden");
        assertThat(message(answer))
                .contains(
                        "spec.predictor.serviceAccountName: ann may neither impersonate serviceaccounts/deployer nor create pods in namespace team-a")
                .contains(
                        "spec.predictor.volumes[0].secret.secretName: ann may neither get secrets/token");
        assertThat(answer.text("auditAnnotations", "refused").orElse("")).contains("token");
    }

    /** Every pod may run as it, but a model that is fetched with its Secrets is a use of them. */
    @Test
    void theDefaultAccountLendsItsSecretsOnlyToThoseWhoMayUseThem() throws IOException {
        var world = new Asked();
        world.secrets = List.of("minio");

        var answer = answer(world, created(service("")));

        assertThat(answer.integer("status", "code")).hasValue(403);
        assertThat(message(answer))
                .contains(
                        "spec.predictor.model.storageUri: ann may neither get secrets/minio nor create pods");
        assertThat(answer(world, review(service(""), service("minReplicas: 2"))).flag("allowed"))
                .as("what was fetched before is fetched on")
                .isTrue();
        var trusted = new Asked("get secrets/minio");
        trusted.secrets = List.of("minio");
        assertThat(answer(trusted, created(service(""))).flag("allowed")).isTrue();
    }

    @Test
    void aSecretNamedForTheStoreIsASecretLikeAnyOther() throws IOException {
        var named =
                service("")
                        .withAt(
                                List.of("metadata", "annotations"),
                                Json.Obj.of("serving.kserve.io/storageSecretName", "minio"));
        assertThat(message(answer(new Asked(), created(named))))
                .contains(
                        "metadata.annotations[serving.kserve.io/storageSecretName]: ann may neither get secrets/minio");
        var spec =
                service("")
                        .withAt(
                                List.of("spec", "predictor", "model", "storage"),
                                Json.Obj.of("key", "k"));
        assertThat(message(answer(new Asked(), created(spec))))
                .contains(
                        "spec.predictor.model.storage: ann may neither get secrets/storage-config");
    }

    @Test
    void whoMayReadTheSecretAndActAsTheAccountMay() throws IOException {
        var world = new Asked("get secrets/token", "impersonate serviceaccounts/deployer");

        assertThat(answer(world, created(service(SECRET))).flag("allowed")).isTrue();
    }

    @Test
    void whoMayMakePodsMayMountWhatPodsMount() throws IOException {
        var world = new Asked("create pods");

        assertThat(answer(world, created(service(SECRET))).flag("allowed")).isTrue();
        assertThat(world.questions).containsExactly("create pods");
    }

    @Test
    void podsDoNotLeadToTheSecretsOfKeda() throws IOException {
        var keda =
                "autoScaling: {metrics: [{type: External, external: {metric: {backend: prometheus, serverAddress: 'http://a', query: b}, target: {type: Value, value: '1'}, authenticationRef: {authenticationRef: {name: x}}}}]}";
        var object =
                service("")
                        .withAt(
                                List.of("metadata", "annotations"),
                                Json.Obj.of("serving.kserve.io/autoscalerClass", "keda"));
        var predictor = service(keda).object("spec", "predictor");

        var answer =
                answer(
                        new Asked("create pods"),
                        created(object.withAt(List.of("spec", "predictor"), predictor)));

        assertThat(message(answer))
                .contains(
                        "may neither get triggerauthentications.keda.sh/x nor create scaledobjects.keda.sh");
    }

    @Test
    void anUpdateAnswersOnlyForWhatItAdds() throws IOException {
        var world = new Asked();

        assertThat(
                        answer(world, review(service(SECRET), service(SECRET + ", minReplicas: 2")))
                                .flag("allowed"))
                .isTrue();
        assertThat(world.questions).isEmpty();
        assertThat(
                        answer(
                                        world,
                                        review(
                                                service(SECRET),
                                                service("imagePullSecrets: [{name: other}]")))
                                .flag("allowed"))
                .isFalse();
    }

    @Test
    void anApiThatDoesNotAnswerIsNoYes() throws IOException {
        var judge =
                new Judge(
                        KnownRuntimes.NONE,
                        Asked.stores(List::of),
                        new AuthorsRights((_, _, _) -> {
                            throw new IOException("the API is away");
                        }),
                        _ -> PodProfile.RESTRICTED,
                        Optional::empty);
        var review = Review.read(created(service(SECRET)));
        var answer = Judgement.answer(review, judge.judge(review)).object("response");

        assertThat(answer.flag("allowed")).isFalse();
        assertThat(answer.integer("status", "code")).hasValue(503);
        assertThat(message(answer)).contains("the API is away").contains("try again");
    }

    @Test
    void tooManyReferencesAreRefusedUnasked() throws IOException {
        var world = new Asked();
        var names =
                IntStream.range(0, AuthorsRights.REFERENCES_MAX + 1)
                        .mapToObj(i -> "{name: s" + i + "}")
                        .collect(Collectors.joining(",", "imagePullSecrets: [", "]"));

        assertThat(message(answer(world, created(service(names)))))
                .contains("imagePullSecrets[64].name: is the 65th object");
        assertThat(world.questions).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"RESTRICTED, false", "BASELINE, false", "PRIVILEGED, true"})
    void theNamespaceSaysWhatPodsMayAskFor(PodProfile profile, boolean allowed) throws IOException {
        var world = new Asked();
        world.profile = profile;

        assertThat(answer(world, created(service("hostNetwork: true"))).flag("allowed"))
                .isEqualTo(allowed);
    }

    @Test
    void whatStoodThereBeforeIsNotTheAuthorsOfThisChange() throws IOException {
        var before = service("hostNetwork: true");

        assertThat(
                        answer(
                                        new Asked(),
                                        review(
                                                before,
                                                service("hostNetwork: true, minReplicas: 2")))
                                .flag("allowed"))
                .isTrue();
        assertThat(
                        answer(
                                        new Asked(),
                                        review(before, service("hostNetwork: true, hostPID: true")))
                                .flag("allowed"))
                .isFalse();
    }

    @Test
    void aTenantsRuntimeIsJudgedLikeAServiceAndAnAdministratorsIsNot() throws IOException {
        var runtime =
                """
                {apiVersion: serving.kserve.io/v1alpha1, kind: %s, metadata: {name: mine%s},
                 spec: {supportedModelFormats: [{name: sklearn}], hostIPC: true,
                        containers: [{name: kserve-container, image: 'a:1'}]}}
                """;

        assertThat(
                        answer(
                                        new Asked(),
                                        created(
                                                yaml(
                                                        runtime.formatted(
                                                                "ServingRuntime",
                                                                ", namespace: a"))))
                                .flag("allowed"))
                .isFalse();
        assertThat(
                        answer(
                                        new Asked(),
                                        created(
                                                yaml(
                                                        runtime.formatted(
                                                                "ClusterServingRuntime", ""))))
                                .flag("allowed"))
                .isTrue();
    }

    @Test
    void besideKServeNothingIsOursToRefuse() throws IOException {
        var world = new Asked();
        world.rival = Optional.of("KServe serves this cluster");
        var answer = answer(world, created(service("transformerz: 1, hostPID: true")));

        assertThat(answer.flag("allowed")).isTrue();
        assertThat(answer.list("warnings")).containsExactly(Json.of("KServe serves this cluster"));
    }

    @Test
    void othersKindsAndDeletionsPass() throws IOException {
        var pod = yaml("{kind: Pod, metadata: {name: a, namespace: b}, spec: {hostNetwork: true}}");

        assertThat(answer(new Asked(), created(pod)).flag("allowed")).isTrue();
        assertThat(answer(new Asked(), review(service(""), Json.Obj.EMPTY)).flag("allowed"))
                .isTrue();
    }

    @Test
    void warningsStayWithinWhatAnApiServerShows() throws IOException {
        var review = Review.read(created(service("")));
        var many = IntStream.range(0, 100).mapToObj(_ -> "w".repeat(1000)).toList();
        var answer = Judgement.answer(review, new Judgement.Admitted(many)).object("response");

        assertThat(answer.list("warnings"))
                .hasSize(16)
                .allSatisfy(w -> assertThat(((Json.Str) w).value()).hasSize(256).endsWith("..."));
    }

    @Test
    void whatIsNoReviewIsSaid() {
        assertThatThrownBy(() ->
                        Review.read(
                                yaml(
                                        "{apiVersion: admission.k8s.io/v1beta1, kind: AdmissionReview}")))
                .hasMessageContaining("admission.k8s.io/v1 is expected");
        assertThatThrownBy(() ->
                        Review.read(
                                yaml("{apiVersion: admission.k8s.io/v1, kind: AdmissionReview}")))
                .hasMessageContaining("has no uid");
    }

    @Test
    void theQuestionIsAskedInTheAuthorsName() throws IOException {
        var author = Review.read(created(service(""))).author();

        assertThat(author.mayI("team-a", new Author.Right("get", "", "secrets", "token")))
                .isEqualTo(
                        yaml(
                                """
                                {apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview,
                                 spec: {user: ann, groups: [team-a, 'system:authenticated'],
                                        resourceAttributes: {namespace: team-a, verb: get, group: '', resource: secrets, name: token}}}
                                """));
    }
}
