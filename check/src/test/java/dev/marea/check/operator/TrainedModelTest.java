package dev.marea.check.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ModelList;
import dev.marea.wire.kserve.ModelReports;
import dev.marea.wire.kserve.ModelReports.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TrainedModels through the operator; the replicas and what their agents say are pretended. */
class TrainedModelTest {
    private static final ResourcePath MODELS = ResourcePath.named("tm").orElseThrow();
    private static final String SERVICE =
            """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: iris}
            spec:
              predictor:
                minReplicas: 1
                model: {modelFormat: {name: sklearn}, resources: {limits: {memory: 1Gi}}}
            """;
    private SmallPlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new SmallPlatform();
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void modelsAreListedForTheReplicasAndLeaveTheListWhenTheyAreDeleted() throws Exception {
        platform.apply(SERVICE);
        platform.await("the service is ready", platform::settled);
        assertThat(listed()).isEmpty();
        apply("a", "file:///a", "sklearn", "100Mi");
        apply("b", "https://host/b", "xgboost", "100Mi");
        platform.await("both are listed", () -> listed().size() == 2);
        assertThat(listed())
                .containsExactly(
                        new ModelList.Entry("a", "file:///a"),
                        new ModelList.Entry("b", "https://host/b"));
        platform.await("a is ready", () -> said("a", "Ready").startsWith("True"));
        var a = model("a");
        assertThat(a.text("status", "url"))
                .contains(
                        "http://iris-"
                                + platform.namespace()
                                + ".localhost:8080/v1/models/a:predict");
        assertThat(a.text("status", "address", "url"))
                .contains(
                        "http://127.0.0.1:8080/serving/"
                                + platform.namespace()
                                + "/iris/v1/models/a:predict");
        assertThat(a.list("metadata", "ownerReferences").getFirst().text("uid"))
                .isEqualTo(platform.iris().text("metadata", "uid"));

        platform.cluster.delete(MODELS, platform.namespace(), "a");
        platform.await("only b is listed", () -> listed().size() == 1);
    }

    @Test
    void whatDoesNotFitIsNotListedUntilThereIsRoom() throws Exception {
        platform.apply(SERVICE);
        apply("first", "file:///a", "sklearn", "800Mi");
        platform.await("it is listed", () -> listed().size() == 1);
        apply("second", "file:///b", "sklearn", "400Mi");
        platform.await(
                "no room",
                () -> said("second", "MemoryResourceAvailable").contains("needs 400 Mi, and 224"));
        assertThat(said("second", "Ready")).startsWith("False/MemoryResourceNotAvailable");
        apply("exotic", "file:///c", "caffe", "1Mi");
        platform.await(
                "no such framework",
                () -> said("exotic", "FrameworkSupported").startsWith("False"));
        platform.cluster.delete(MODELS, platform.namespace(), "first");
        platform.await(
                "the second is listed",
                () -> listed().equals(List.of(new ModelList.Entry("second", "file:///b"))));
    }

    @Test
    void whatAReplicaSaysStandsInTheStatusAndIsOfTheUriThatIsAskedForNow() throws Exception {
        platform.apply(SERVICE);
        apply("a", "file:///a", "sklearn", "1Mi");
        platform.await("ready, as nobody says otherwise", () -> said("a", "Ready").startsWith("T"));
        say(Map.of());
        platform.await("an agent is at it", () -> said("a", "Ready").startsWith("Unknown"));
        say(Map.of("a", report("file:///a", Optional.of("byte 7 is odd"))));
        platform.await(
                "its failure is told",
                () -> said("a", "Ready").equals("False/ModelLoadFailed/byte 7 is odd"));
        platform.await(
                "and is an event",
                () -> platform.names(Resource.EVENT).stream().anyMatch(e -> e.startsWith("a.")));
        apply("a", "file:///better", "sklearn", "1Mi");
        platform.await("that was another", () -> said("a", "Ready").startsWith("Unknown"));
        say(Map.of("a", report("file:///better", Optional.empty())));
        platform.await("loaded", () -> said("a", "ModelLoaded").startsWith("True"));
    }

    @Test
    void aModelWithoutItsServiceWaitsForItAndGoesWithIt() throws Exception {
        apply("early", "file:///a", "sklearn", "1Mi");
        platform.await(
                "it says what is lacking",
                () -> said("early", "Ready").contains("there is no InferenceService iris"));
        platform.apply(SERVICE);
        platform.await("it is ready", () -> said("early", "Ready").startsWith("True"));
        platform.await(
                "it is owned", () -> !model("early").list("metadata", "ownerReferences").isEmpty());
        platform.cluster.delete(ResourcePath.INFERENCE_SERVICE, platform.namespace(), "iris");
        platform.await("it is gone", () -> find("early").isEmpty());
    }

    @Test
    void aServiceOfOneModelTakesNone() throws Exception {
        platform.apply(
                SERVICE.replace(
                        "modelFormat: {name: sklearn}",
                        "modelFormat: {name: sklearn}, storageUri: 'file:///models/m1'"));
        apply("a", "file:///a", "sklearn", "1Mi");
        platform.await(
                "it is told", () -> said("a", "Ready").startsWith("False/IsNotMMSPredictor"));
        assertThat(platform.names(Resource.CONFIG_MAP)).doesNotContain("modelconfig-iris-0");
    }

    @Test
    void aSteadyModelIsNotWrittenTo() throws Exception {
        platform.apply(SERVICE);
        apply("a", "file:///a", "sklearn", "1Mi");
        platform.await("ready", () -> said("a", "Ready").startsWith("True"));
        platform.await("quiet", this::quiet);
        var before = model("a").text("metadata", "resourceVersion");
        var list = platform.versions(Resource.CONFIG_MAP);
        platform.restartOperator();
        platform.await("it routes again", () -> !platform.routes().isEmpty());
        platform.await("quiet", this::quiet);
        assertThat(model("a").text("metadata", "resourceVersion")).isEqualTo(before);
        assertThat(platform.versions(Resource.CONFIG_MAP)).isEqualTo(list);
    }

    private boolean quiet() {
        var before = model("a");
        java.util.concurrent.locks.LockSupport.parkNanos(500_000_000);
        return before.equals(model("a"));
    }

    private void apply(String name, String uri, String framework, String memory) throws Exception {
        platform.apply(
                """
                apiVersion: serving.kserve.io/v1alpha1
                kind: TrainedModel
                metadata: {name: %s}
                spec:
                  inferenceService: iris
                  model: {storageUri: "%s", framework: %s, memory: %s}
                """
                        .formatted(name, uri, framework, memory));
    }

    private Optional<Json.Obj> find(String name) {
        try {
            return platform.cluster.get(MODELS, platform.namespace(), name);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private Json.Obj model(String name) {
        return find(name).orElse(Json.Obj.EMPTY);
    }

    /** A condition as {@code False/ModelLoadFailed/why}. */
    private String said(String name, String type) {
        return model(name).list("status", "conditions").stream()
                .filter(c -> c.text("type").filter(type::equals).isPresent())
                .map(c ->
                        "%s/%s/%s"
                                .formatted(
                                        c.text("status").orElse(""),
                                        c.text("reason").orElse(""),
                                        c.text("message").orElse("")))
                .findFirst()
                .orElse("unsaid");
    }

    private List<ModelList.Entry> listed() {
        try {
            if (!platform.names(Resource.CONFIG_MAP).contains("modelconfig-iris-0")) {
                return List.of();
            }
            var list = platform.object(Resource.CONFIG_MAP, "modelconfig-iris-0");
            return ModelList.read(
                    list.text("data", ModelList.FILE)
                            .orElseThrow()
                            .getBytes(StandardCharsets.UTF_8));
        } catch (IOException bad) {
            throw new AssertionError(bad);
        }
    }

    private static Report report(String uri, Optional<String> failure) {
        return new Report(new ModelList.Entry("", uri).digest(), failure);
    }

    /** As the agent of the one replica would. */
    private void say(Map<String, Report> reports) throws Exception {
        platform.await("a pod", () -> !platform.names(Resource.POD).isEmpty());
        platform.cluster.mergePatch(
                ResourcePath.POD,
                platform.namespace(),
                platform.names(Resource.POD).getFirst(),
                Json.Obj.EMPTY.withAt(
                        List.of("metadata", "annotations", ModelReports.ANNOTATION),
                        Json.of(ModelReports.write(reports))),
                _ -> {});
    }
}
