package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Many models in the replicas of one service, each a manifest of its own that comes and goes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainedModelE2E {
    private static final String SECOND_ANSWER = "{\"predictions\":[11,10]}";
    private static final Duration SOON = Duration.ofSeconds(30);

    private Marea marea;
    private Subject shop;

    @BeforeAll
    void up() throws Exception {
        marea = Marea.up("--no-samples");
        shop =
                new Subject(marea, "shop")
                        .served(
                                """
                                minReplicas: 1
                                model:
                                  modelFormat: {name: sklearn}
                                  resources: {limits: {memory: 1Gi}}
                                """);
    }

    @AfterAll
    void down() {
        marea.close();
    }

    @Test
    void modelsOfTwoFormatsAreAnsweredByOneReplica() throws Exception {
        served("iris", Subject.IRIS.resolve("model-1"), "sklearn");
        served("risk", Marea.MODELS.resolve("xgboost/new/binary"), "xgboost");

        assertThat(shop.post(path("iris"), Subject.FLOWERS)).isEqualTo(Subject.FIRST_ANSWER);
        assertThat(number(JsonReader.read(shop.post(path("risk"), risk())).list("predictions")))
                .isCloseTo(0.9935266, within(1e-6)); // as XGBoost itself says, expected.json
        assertThat(JsonReader.read(shop.get("/v2/models/risk")).text("platform"))
                .contains("xgboost");
        assertThat(field("iris", ".status.url")).endsWith("/v1/models/iris:predict");
        assertThat(marea.kubectl("get", "tm").ok()).contains("URL", "READY", "iris", "True");
        removed("iris");
        removed("risk");
    }

    @Test
    void aModelIsExchangedWithoutAnErrorAndIsGoneWhenItIsDeleted() throws Exception {
        served("changing", Subject.IRIS.resolve("model-1"), "sklearn");
        try (var traffic = new Traffic(shop.url(path("changing")), Subject.FLOWERS)) {
            traffic.startAt(100);
            Marea.await(
                    "the first answers",
                    SOON,
                    () -> traffic.answers().containsKey(Subject.FIRST_ANSWER));
            applied("changing", Subject.IRIS.resolve("model-2"), "sklearn", "64Mi").ok();
            Marea.await(
                    "answers of the second model",
                    SOON,
                    () -> traffic.answers().containsKey(SECOND_ANSWER));
            assertThat(traffic.errors()).isEmpty();
            traffic.forget();
            Marea.await("more of them", SOON, () -> traffic.total() > 100);
            assertThat(traffic.answers()).containsOnlyKeys(SECOND_ANSWER);
        }
        removed("changing");
        Marea.await("404", SOON, () -> status("changing") == 404);
    }

    @Test
    void exchangesUnderLoadAreNeverSeenAsErrors() throws Exception {
        served("busy", Subject.IRIS.resolve("model-1"), "sklearn");
        try (var traffic = new Traffic(shop.url(path("busy")), Subject.FLOWERS)) {
            traffic.startAt(200);
            for (int round = 0; round < 4; round++) {
                assertThat(traffic.errors()).isEmpty();
                traffic.forget();
                var next = round % 2 == 0 ? "model-2" : "model-1";
                var answer = round % 2 == 0 ? SECOND_ANSWER : Subject.FIRST_ANSWER;
                applied("busy", Subject.IRIS.resolve(next), "sklearn", "64Mi").ok();
                Marea.await(answer, SOON, () -> traffic.answers().containsKey(answer));
            }
            assertThat(traffic.errors()).isEmpty();
        }
        removed("busy");
    }

    @Test
    void aModelThatNeedsMoreThanIsLeftIsNotLoadedAndSaysSo() throws Exception {
        applied("huge", Subject.IRIS.resolve("model-1"), "sklearn", "2Gi").ok();
        awaitField("huge", condition("MemoryResourceAvailable", "status"), "False");
        assertThat(field("huge", condition("MemoryResourceAvailable", "message")))
                .contains("needs 2048 Mi", "of the 1024 Mi of shop", "resources.limits.memory");
        assertThat(field("huge", condition("Ready", "reason")))
                .isEqualTo("MemoryResourceNotAvailable");
        assertThat(status("huge")).isEqualTo(404);
        removed("huge");
    }

    @Test
    void aModelThatCannotBeLoadedSaysWhyAndDisturbsNoOther() throws Exception {
        served("good", Subject.IRIS.resolve("model-1"), "sklearn");
        var directory = Files.createTempDirectory("damaged");
        var whole = Files.readAllBytes(Subject.IRIS.resolve("model-1").resolve("model.pkl"));
        Files.write(
                directory.resolve("model.pkl"), java.util.Arrays.copyOf(whole, whole.length / 2));
        applied("damaged", directory, "sklearn", "64Mi").ok();
        awaitField("damaged", condition("ModelLoaded", "message"), "model.pkl, byte");
        applied("missing", Path.of("/srv/no-such-model"), "sklearn", "64Mi").ok();
        awaitField("missing", condition("Ready", "message"), "/srv/no-such-model");

        applied("good", directory, "sklearn", "64Mi").ok();
        awaitField("good", condition("ModelLoaded", "message"), "model.pkl, byte");
        assertThat(shop.post(path("good"), Subject.FLOWERS)).isEqualTo(Subject.FIRST_ANSWER);
        assertThat(marea.kubectl("get", "events").ok()).contains("trainedmodel/missing");
        removed("good");
        removed("damaged");
        removed("missing");
    }

    @Test
    void aModelMayComeBeforeItsServiceAndGoesWithIt() throws Exception {
        marea.kubectlWithInput(
                        manifest("early", "late", Subject.IRIS.resolve("model-1"), "64Mi"),
                        "apply",
                        "-f",
                        "-")
                .ok();
        awaitField("early", condition("InferenceServiceReady", "message"), "no InferenceService");
        var late =
                new Subject(marea, "late")
                        .served("minReplicas: 1\nmodel: {modelFormat: {name: sklearn}}\n");
        ready("early");
        assertThat(late.post(path("early"), Subject.FLOWERS)).isEqualTo(Subject.FIRST_ANSWER);
        late.delete();
        Marea.await(
                "the model goes", SOON, () -> !ran("get", "tm", "-o", "name").contains("early"));
    }

    @Test
    void aRestartedServerHasItsModelsAgain() throws Exception {
        served("lasting", Subject.IRIS.resolve("model-1"), "sklearn");
        var before = marea.replicas();
        before.forEach(ProcessHandle::destroyForcibly);
        Marea.await(
                "it answers anew",
                SOON,
                () ->
                        before.stream().noneMatch(ProcessHandle::isAlive)
                                && status("lasting") == 200);
        removed("lasting");
    }

    @Test
    void aNewReplicaIsNotAskedBeforeItHasTheModels() throws Exception {
        served("everywhere", Subject.IRIS.resolve("model-1"), "sklearn");
        try (var traffic = new Traffic(shop.url(path("everywhere")), Subject.FLOWERS)) {
            traffic.startAt(100);
            shop.patch("{\"spec\": {\"predictor\": {\"minReplicas\": 2}}}");
            Marea.await("a second replica", SOON, () -> readyPods() == 2);
            long before = traffic.total();
            Marea.await("more answers", SOON, () -> traffic.total() > before + 200);
            assertThat(traffic.answers()).containsOnlyKeys(Subject.FIRST_ANSWER);
        }
        shop.patch("{\"spec\": {\"predictor\": {\"minReplicas\": 1}}}");
        removed("everywhere");
    }

    private long readyPods() {
        var ready = "{range .items[*]}{.status.conditions[?(@.type==\"Ready\")].status} {end}";
        return java.util.Arrays.stream(
                        ran(
                                        "get",
                                        "pods",
                                        "-l",
                                        "serving.kserve.io/inferenceservice=shop",
                                        "-o",
                                        "jsonpath=" + ready)
                                .split(" ", -1))
                .filter("True"::equals)
                .count();
    }

    @Test
    void whatWasSaidOnceStays() throws Exception {
        served("fixed", Subject.IRIS.resolve("model-1"), "sklearn");
        var refused = applied("fixed", Subject.IRIS.resolve("model-1"), "sklearn", "128Mi");
        assertThat(refused.failed()).contains("spec.model.memory", "cannot be changed");
        removed("fixed");
    }

    /** The first of the rows that XGBoost was asked. */
    private static String risk() throws Exception {
        var rows = Files.readAllBytes(Marea.MODELS.resolve("xgboost/rows.json"));
        var first = JsonReader.read(rows).list("numeric").getFirst();
        return Json.Obj.of("instances", java.util.List.of(first)).toString();
    }

    private static double number(java.util.List<Json> predictions) {
        return switch (predictions.getFirst()) {
            case Json.Dec(var value) -> value;
            case Json other -> throw new AssertionError("no number: " + other);
        };
    }

    private static String path(String model) {
        return "/v1/models/" + model + ":predict";
    }

    private static String manifest(String name, String service, Path model, String memory) {
        return manifest(name, service, model, "sklearn", memory);
    }

    private static String manifest(
            String name, String service, Path model, String framework, String memory) {
        return """
        apiVersion: serving.kserve.io/v1alpha1
        kind: TrainedModel
        metadata: {name: %s, namespace: default}
        spec:
          inferenceService: %s
          model: {storageUri: "file://%s", framework: %s, memory: %s}
        """
                .formatted(name, service, model, framework, memory);
    }

    private Run applied(String name, Path model, String framework, String memory) throws Exception {
        return marea.kubectlWithInput(
                manifest(name, "shop", model, framework, memory), "apply", "-f", "-");
    }

    private void served(String name, Path model, String framework) throws Exception {
        applied(name, model, framework, "64Mi").ok();
        ready(name);
    }

    private void ready(String name) throws Exception {
        marea.kubectl("wait", "--for=condition=Ready", "tm/" + name, "--timeout=30s").ok();
    }

    private void removed(String name) throws Exception {
        marea.kubectl("delete", "tm", name).ok();
    }

    private static String condition(String type, String part) {
        return ".status.conditions[?(@.type==\"" + type + "\")]." + part;
    }

    private String field(String name, String jsonPath) {
        return ran("get", "tm", name, "-o", "jsonpath={" + jsonPath + "}");
    }

    private void awaitField(String name, String jsonPath, String part) throws Exception {
        try {
            Marea.await(
                    name + " " + jsonPath + " with " + part,
                    SOON,
                    () -> field(name, jsonPath).contains(part));
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + ", was " + field(name, ".status"), late);
        }
    }

    private int status(String model) {
        try {
            return shop.sent(
                            HttpRequest.newBuilder(shop.url(path(model)))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(Subject.FLOWERS)))
                    .statusCode();
        } catch (java.io.IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private String ran(String... args) {
        try {
            return marea.kubectl(args).ok();
        } catch (java.io.IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }
}
