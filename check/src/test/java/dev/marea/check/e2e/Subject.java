package dev.marea.check.e2e;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One InferenceService in the namespace default, driven as its owner would. */
record Subject(Marea marea, String name) {
    /** Two flowers: the first sample model says 1 and 0, the second 11 and 10. */
    static final String FLOWERS = "{\"instances\": [[6.8, 2.8, 4.8, 1.4], [5.1, 3.5, 1.4, 0.2]]}";

    static final String FIRST_ANSWER = "{\"predictions\":[1,0]}";
    static final Path IRIS = Marea.MODELS.resolve("sklearn-iris");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A predictor that serves one sklearn model. */
    static String sklearn(String storageUri) {
        return """
        minReplicas: 1
        model:
          modelFormat: {name: sklearn}
          storageUri: "%s"
        """
                .formatted(storageUri);
    }

    Run apply(String predictor) throws IOException, InterruptedException {
        return marea.cliWithInput(head() + predictor.indent(4), "apply", "-f", "-");
    }

    private String head() {
        return """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata: {name: %s, namespace: default}
        spec:
          predictor:
        """
                .formatted(name);
    }

    Subject served(String predictor) throws IOException, InterruptedException {
        apply(predictor).ok();
        return ready();
    }

    Subject ready() throws IOException, InterruptedException {
        marea.kubectl("wait", "--for=condition=Ready", "isvc/" + name, "--timeout=60s").ok();
        return this;
    }

    void patch(String mergePatch) throws IOException, InterruptedException {
        marea.kubectl("patch", "isvc", name, "--type=merge", "-p", mergePatch).ok();
    }

    String field(String jsonPath) {
        return ran("get", "isvc", name, "-o", "jsonpath={" + jsonPath + "}");
    }

    /** The names of what exists for this service, of every given kind. */
    List<String> owned(String kinds) {
        return ran("get", kinds, "-l", "serving.kserve.io/inferenceservice=" + name, "-o", "name")
                .lines()
                .toList();
    }

    private String ran(String... args) {
        try {
            return marea.kubectl(args).ok();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    void awaitField(String jsonPath, String part) throws InterruptedException {
        try {
            Marea.await(
                    name + " " + jsonPath + " with " + part,
                    LIMIT,
                    () -> field(jsonPath).contains(part));
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + ", was " + field(".status"), late);
        }
    }

    List<ProcessHandle> replicas() {
        return marea.replicas().stream().filter(this::serves).toList();
    }

    private boolean serves(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .contains("--model_name=" + name + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    URI url(String path) throws IOException {
        return URI.create(marea.gateway() + "/serving/default/" + name + path);
    }

    URI predictUrl() throws IOException {
        return url("/v1/models/" + name + ":predict");
    }

    /** The answer to the flowers. */
    String predict() throws IOException, InterruptedException {
        return post("/v1/models/" + name + ":predict", FLOWERS);
    }

    Json infer(String body) throws IOException, InterruptedException {
        return JsonReader.read(post("/v2/models/" + name + "/infer", body));
    }

    String get(String path) throws IOException, InterruptedException {
        return good(sent(HttpRequest.newBuilder(url(path))));
    }

    String post(String path, String body) throws IOException, InterruptedException {
        return good(
                sent(
                        HttpRequest.newBuilder(url(path))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))));
    }

    private static String good(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new AssertionError(
                    answer.uri() + " -> " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    HttpResponse<String> sent(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
        }
    }

    void delete() throws IOException, InterruptedException {
        marea.kubectl("delete", "isvc", name, "--wait=false").ok();
    }
}
