package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Proof 7: every bad input gets one clear error with the right code, and the next good request
 * works.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputE2E {
    private static final String GOOD = "{\"instances\": [[6.8, 2.8, 4.8, 1.4]]}";

    private Marea marea;
    private HttpClient client;

    @BeforeAll
    void up() throws Exception {
        marea = Marea.up("--no-samples");
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        marea.cliWithInput(
                        manifest("good", "storageUri: \"" + model() + "\""),
                        "apply",
                        "-f",
                        "-",
                        "--wait")
                .ok();
    }

    @AfterAll
    void down() throws Exception {
        client.close();
        marea.close();
    }

    @AfterEach
    void theNextGoodRequestWorks() throws Exception {
        assertThat(post("/v1/models/good:predict", GOOD).statusCode()).isEqualTo(200);
    }

    static Stream<Arguments> brokenManifests() {
        return Stream.of(
                        broken(
                                "a misspelt field",
                                "canaryTraficPercent: 10",
                                "spec.predictor.canaryTraficPercent",
                                "canaryTrafficPercent"),
                        broken(
                                "a percent above 100",
                                "canaryTrafficPercent: 101",
                                "spec.predictor.canaryTrafficPercent",
                                "100"),
                        broken(
                                "a percent that is no number",
                                "canaryTrafficPercent: ten",
                                "spec.predictor.canaryTrafficPercent",
                                "integer"),
                        broken(
                                "min above max",
                                "minReplicas: 3\n    maxReplicas: 2",
                                "minReplicas",
                                "maxReplicas"),
                        broken(
                                "negative replicas",
                                "minReplicas: -1",
                                "spec.predictor.minReplicas",
                                "0"),
                        broken(
                                "two implementations",
                                "sklearn: {storageUri: \"file:///x\"}",
                                "spec.predictor",
                                "one"),
                        broken("an unknown scheme", "timeout: 60", "ftp://", "scheme")
                                .swap("file:///m", "ftp://host/m"),
                        broken(
                                        "an unknown field of the model",
                                        "minReplicas: 1",
                                        "spec.predictor.model.storageUrl",
                                        "storageUri")
                                .swap("storageUri", "storageUrl"),
                        broken("a bad name", "minReplicas: 1", "Bad_Name", "metadata.name")
                                .swap("name: broken", "name: Bad_Name"),
                        broken(
                                "an unknown metric",
                                "scaleMetric: tokens",
                                "spec.predictor.scaleMetric",
                                "concurrency"),
                        broken(
                                "negative concurrency",
                                "containerConcurrency: -1",
                                "containerConcurrency",
                                "0"),
                        broken(
                                "a string for a list",
                                "tolerations: all",
                                "spec.predictor.tolerations",
                                "array"))
                .map(Broken::arguments);
    }

    private record Broken(String what, String manifest, String first, String second) {
        Broken swap(String from, String to) {
            return new Broken(what, manifest.replace(from, to), first, second);
        }

        Arguments arguments() {
            return Arguments.of(what, manifest, first, second);
        }
    }

    private static Broken broken(String what, String lines, String first, String second) {
        return new Broken(
                what,
                manifest("broken", "storageUri: \"file:///m\"")
                        .replace("  predictor:\n", "  predictor:\n    " + lines + "\n"),
                first,
                second);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenManifests")
    void aBrokenManifestIsRefusedWithItsFieldAndTheFix(
            String what, String manifest, String first, String second) throws Exception {
        var refused = marea.kubectlWithInput(manifest, "apply", "-f", "-").failed();
        assertThat(refused).contains(first).contains(second);
        assertThat(refused.lines().count())
                .as("one clear error: %s", refused)
                .isLessThanOrEqualTo(3);
    }

    static Stream<Arguments> brokenModels() {
        return Stream.of(
                Arguments.of("missing", "", "not there"),
                Arguments.of("truncated", "truncated.pkl", "byte"),
                Arguments.of("hostile", "hostile.pkl", "system"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenModels")
    void aBrokenModelIsNamedInTheCondition(String what, String file, String word) throws Exception {
        var directory = Files.createDirectories(marea.home().resolve("models/" + what));
        var ran = marea.home().resolve("the-pickle-ran");
        switch (what) {
            case "truncated" ->
                    Files.write(
                            directory.resolve(file),
                            java.util.Arrays.copyOf(Files.readAllBytes(modelFile()), 200));
            case "hostile" ->
                    Files.writeString(
                            directory.resolve(file), "cposix\nsystem\n(S'touch " + ran + "'\ntR.");
            default -> Files.delete(directory);
        }
        marea.kubectlWithInput(
                        manifest("bad-" + what, "storageUri: \"" + directory.toUri() + "\""),
                        "apply",
                        "-f",
                        "-")
                .ok();
        Marea.await(
                "the condition tells",
                Duration.ofSeconds(60),
                () -> condition("bad-" + what).contains(word));
        assertThat(jsonpath("bad-" + what, "{.status.conditions[?(@.type==\"Ready\")].status}"))
                .isEqualTo("False");
        System.out.println(what + ": " + condition("bad-" + what));
        assertThat(ran).doesNotExist();
        marea.kubectl("delete", "isvc", "bad-" + what).ok();
    }

    private String condition(String name) {
        try {
            return jsonpath(
                    name,
                    "{.status.modelStatus.lastFailureInfo.message} {.status.conditions[?(@.type==\"PredictorReady\")].message}");
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private String jsonpath(String name, String path) throws IOException, InterruptedException {
        return marea.kubectl("get", "isvc", name, "-o", "jsonpath=" + path).ok();
    }

    static Stream<Arguments> brokenRequests() {
        var infer = "{\"inputs\":[{\"name\":\"X\",\"shape\":%s,\"datatype\":\"%s\",\"data\":%s}]}";
        return Stream.of(
                Arguments.of(
                        "no JSON",
                        "/v1/models/good:predict",
                        "{\"instances\": [[1,",
                        400,
                        "Unrecognized request format"),
                Arguments.of(
                        "no instances",
                        "/v1/models/good:predict",
                        "{\"rows\": []}",
                        400,
                        "instances"),
                Arguments.of(
                        "too few features",
                        "/v1/models/good:predict",
                        "{\"instances\": [[1.0, 2.0]]}",
                        400,
                        "4"),
                Arguments.of(
                        "ragged rows",
                        "/v1/models/good:predict",
                        "{\"instances\": [[1,2,3,4],[1,2]]}",
                        400,
                        "instances"),
                Arguments.of(
                        "text for a number",
                        "/v1/models/good:predict",
                        "{\"instances\": [[\"a\",2,3,4]]}",
                        400,
                        "instances"),
                Arguments.of("an unknown model", "/v1/models/other:predict", GOOD, 404, "other"),
                Arguments.of(
                        "a shape that is not the data's",
                        "/v2/models/good/infer",
                        infer.formatted("[2,4]", "FP64", "[1,2,3,4]"),
                        400,
                        "X"),
                Arguments.of(
                        "a negative shape",
                        "/v2/models/good/infer",
                        infer.formatted("[-1,4]", "FP64", "[1,2,3,4]"),
                        400,
                        "X"),
                Arguments.of(
                        "a shape that overflows",
                        "/v2/models/good/infer",
                        infer.formatted("[16,1152921504606846978]", "FP64", "[1]"),
                        400,
                        "X"),
                Arguments.of(
                        "an unknown datatype",
                        "/v2/models/good/infer",
                        infer.formatted("[1,4]", "FP65", "[1,2,3,4]"),
                        400,
                        "FP65"),
                Arguments.of(
                        "a depth of 200",
                        "/v1/models/good:predict",
                        "{\"instances\": " + "[".repeat(200) + "]".repeat(200) + "}",
                        400,
                        "deeper"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenRequests")
    void aBrokenRequestIsAnsweredWithTheRightCodeAndAReason(
            String what, String path, String body, int code, String word) throws Exception {
        var answer = post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
        assertThat(answer.body())
                .contains("error")
                .contains(word)
                .doesNotContain("Exception")
                .doesNotContain(Marea.ROOT.toString());
    }

    @Test
    void aBodyOfOneGibibyteIsRefusedBeforeItIsRead() throws Exception {
        var gateway = URI.create(marea.gateway());
        try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
            socket.setSoTimeout(20_000);
            var out = socket.getOutputStream();
            out.write(
                    "POST /serving/default/good/v1/models/good:predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertThat(head(socket.getInputStream())).contains(" 413 ");
        }
    }

    @Test
    void anUnknownServiceIsNamed() throws Exception {
        var answer =
                client.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                marea.gateway()
                                                        + "/serving/default/nobody/v1/models/x:predict"))
                                .POST(BodyPublishers.ofString(GOOD))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("nobody");
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            head.append((char) b);
        }
        return head.toString();
    }

    private HttpResponse<String> post(String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(marea.gateway() + "/serving/default/good" + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String model() {
        return Marea.MODELS.resolve("sklearn-iris/model-1").toUri().toString();
    }

    private static Path modelFile() throws IOException {
        try (var files = Files.list(Marea.MODELS.resolve("sklearn-iris/model-1"))) {
            return files.filter(
                            f -> f.toString().endsWith(".pkl") || f.toString().endsWith(".joblib"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String manifest(String name, String modelLine) {
        return """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata:
          name: %s
        spec:
          predictor:
            model:
              modelFormat: {name: sklearn}
              %s
        """
                .formatted(name, modelLine);
    }
}
