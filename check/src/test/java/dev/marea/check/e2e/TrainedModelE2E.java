package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Models that come and go on one service, by TrainedModels as KServe has them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainedModelE2E {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String RISKS =
            "{\"instances\": [[0.4, -3.1, 0.01, 890.0, 0.2, 4.0, 1.0, -0.7]]}";

    private Marea marea;
    private Subject many;

    @BeforeAll
    void up() throws Exception {
        marea = Marea.up("--no-samples");
        many = new Subject(marea, "many");
    }

    @AfterAll
    void down() {
        marea.close();
    }

    @Test
    void modelsComeChangeAndGoWhileTheServiceRuns() throws Exception {
        // before its service: the order of manifests is nobody's mistake
        apply("flowers", "sklearn", Subject.IRIS.resolve("model-1"), "256Mi").ok();
        awaitCondition("flowers", "InferenceServiceReady", "False InferenceServiceNotReady");

        many.served(
                """
                minReplicas: 1
                model:
                  modelFormat: {name: sklearn}
                """);
        assertThat(many.field(".status.clusterServingRuntimeName"))
                .isEqualTo("marea-multimodelserver");
        awaitCondition("flowers", "Ready", "True Ready");
        assertThat(field("flowers", ".status.url")).endsWith("/v1/models/flowers:predict");
        awaitAnswer("flowers", Subject.FLOWERS, Subject.FIRST_ANSWER);

        marea.cliWithInput(
                        manifest(
                                "risk",
                                "xgboost",
                                Marea.MODELS.resolve("xgboost/new/binary"),
                                "256Mi"),
                        "apply",
                        "-f",
                        "-")
                .ok();
        awaitCondition("risk", "Ready", "True Ready");
        awaitAnswer("risk", RISKS, "predictions");
        assertThat(many.get("/v2/models/risk")).contains("xgboost");
        assertThat(marea.kubectl("get", "tm").ok()).contains("flowers", "risk", "True");

        changesWithoutAnError();
        tooMuchMemory();
        foreverFixed();
        aDamagedModelLeavesTheOneBefore();

        marea.kubectl("delete", "tm", "risk").ok();
        awaitStatus("risk", RISKS, 404);
        assertThat(many.post("/v1/models/flowers:predict", Subject.FLOWERS))
                .isEqualTo("{\"predictions\":[11,10]}");

        survivesRestart();

        many.delete();
        Marea.await("models go with their service", LIMIT, () -> models().isEmpty());
    }

    private void changesWithoutAnError() throws Exception {
        var wrong = new CopyOnWriteArrayList<String>();
        var stop = new AtomicBoolean();
        var url = many.url("/v1/models/flowers:predict");
        var asking =
                Thread.ofVirtual()
                        .start(() -> {
                            try (var client = HttpClient.newHttpClient()) {
                                while (!stop.get()) {
                                    var answer =
                                            client.send(
                                                    HttpRequest.newBuilder(url)
                                                            .POST(
                                                                    BodyPublishers.ofString(
                                                                            Subject.FLOWERS))
                                                            .build(),
                                                    BodyHandlers.ofString());
                                    if (answer.statusCode() != 200) {
                                        wrong.add(answer.statusCode() + " " + answer.body());
                                    }
                                }
                            } catch (Exception failed) {
                                wrong.add(failed.toString());
                            }
                        });
        apply("flowers", "sklearn", Subject.IRIS.resolve("model-2"), "256Mi").ok();
        awaitAnswer("flowers", Subject.FLOWERS, "{\"predictions\":[11,10]}");
        stop.set(true);
        asking.join();
        assertThat(wrong).isEmpty();
    }

    private void tooMuchMemory() throws Exception {
        apply("huge", "sklearn", Subject.IRIS.resolve("model-1"), "3Gi").ok();
        awaitCondition("huge", "MemoryResourceAvailable", "False MemoryResourceNotAvailable");
        assertThat(condition("huge", "MemoryResourceAvailable", "message"))
                .contains("it asks for 3Gi; many has 2Gi, of which 512 MiB are given to 2 older");
        assertThat(field("huge", ".status.conditions[?(@.type=='Ready')].status"))
                .isEqualTo("False");
        assertThat(ask("huge", Subject.FLOWERS).statusCode()).isEqualTo(404);
        marea.kubectl("delete", "tm", "huge").ok();
    }

    private void foreverFixed() throws Exception {
        var more = apply("risk", "xgboost", Marea.MODELS.resolve("xgboost/new/binary"), "1Gi");
        assertThat(more.failed()).contains("spec.model.memory", "cannot change from 256Mi to 1Gi");
    }

    private void aDamagedModelLeavesTheOneBefore() throws Exception {
        var directory = Files.createTempDirectory("damaged");
        var good = Files.readAllBytes(Subject.IRIS.resolve("model-1").resolve("model.pkl"));
        Files.write(directory.resolve("model.pkl"), java.util.Arrays.copyOf(good, good.length / 2));
        apply("flowers", "sklearn", directory, "256Mi").ok();
        Marea.await(
                "the agent says what is wrong",
                LIMIT,
                () -> agentLog().contains("the one before is served"));
        assertThat(agentLog()).contains("model flowers: the server answered 503", "model.pkl");
        assertThat(ask("flowers", Subject.FLOWERS).body()).isEqualTo("{\"predictions\":[11,10]}");
        apply("flowers", "sklearn", Subject.IRIS.resolve("model-2"), "256Mi").ok();

        apply("torn", "sklearn", directory, "256Mi").ok();
        awaitStatus("torn", Subject.FLOWERS, 503);
        assertThat(ask("torn", Subject.FLOWERS).body())
                .as("whoever asks it is told")
                .contains("model.pkl, byte");
        marea.kubectl("delete", "tm", "torn").ok();
    }

    private void survivesRestart() throws Exception {
        marea.close();
        marea.start("--no-samples");
        many.ready();
        awaitAnswer("flowers", Subject.FLOWERS, "{\"predictions\":[11,10]}");
    }

    private Run apply(String name, String framework, Path model, String memory) throws Exception {
        return marea.kubectlWithInput(manifest(name, framework, model, memory), "apply", "-f", "-");
    }

    private static String manifest(String name, String framework, Path model, String memory) {
        return """
        apiVersion: serving.kserve.io/v1alpha1
        kind: TrainedModel
        metadata: {name: %s, namespace: default}
        spec:
          inferenceService: many
          model: {storageUri: "%s", framework: %s, memory: %s}
        """
                .formatted(name, model, framework, memory);
    }

    private void awaitAnswer(String model, String body, String part) throws Exception {
        Marea.await(
                model + " answers " + part,
                LIMIT,
                () -> {
                    var answer = ask(model, body);
                    return answer.statusCode() == 200 && answer.body().contains(part);
                });
    }

    private void awaitStatus(String model, String body, int status) throws Exception {
        Marea.await(
                model + " answers " + status, LIMIT, () -> ask(model, body).statusCode() == status);
    }

    private HttpResponse<String> ask(String model, String body) {
        try {
            return many.sent(
                    HttpRequest.newBuilder(many.url("/v1/models/" + model + ":predict"))
                            .POST(BodyPublishers.ofString(body)));
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private void awaitCondition(String model, String type, String wanted) throws Exception {
        Marea.await(
                model + " with " + type + " " + wanted,
                LIMIT,
                () ->
                        (condition(model, type, "status") + " " + condition(model, type, "reason"))
                                .equals(wanted));
    }

    private String condition(String model, String type, String part) {
        return field(model, ".status.conditions[?(@.type=='" + type + "')]." + part);
    }

    private String field(String model, String path) {
        return ran("get", "tm", model, "-o", "jsonpath={" + path + "}");
    }

    private String agentLog() {
        return ran(
                "logs",
                "-l",
                "serving.kserve.io/inferenceservice=many",
                "-c",
                "agent",
                "--tail=100");
    }

    private List<String> models() {
        return ran("get", "tm", "-o", "name").lines().toList();
    }

    private String ran(String... args) {
        try {
            return marea.kubectl(args).ok();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
