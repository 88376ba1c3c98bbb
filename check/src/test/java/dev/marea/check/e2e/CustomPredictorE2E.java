package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.JsonReader;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Containers of the user's own, run by the commands that config.yaml maps their images to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomPredictorE2E {
    private static final String PYTHON = System.getProperty("marea.sdk.python", "python3");

    private Marea marea;

    @BeforeAll
    void up() throws Exception {
        var home = Files.createTempDirectory("marea-e2e");
        Files.writeString(
                home.resolve("config.yaml"),
                """
                images:
                  example.com/python-model:1: [%1$s, %2$s, --http_port, "$(PORT)"]
                  example.com/crowd:1: [%1$s, %3$s, "$(PORT)"]
                """
                        .formatted(
                                PYTHON,
                                Marea.ROOT.resolve("examples/custom-python/server.py"),
                                Marea.ROOT.resolve("check/e2e/crowd.py")));
        marea = Marea.up(home, "--no-samples");
    }

    @AfterAll
    void down() {
        marea.close();
    }

    @Test
    void aPythonModelOfKServesSdkAnswersThroughTheGateway() throws Exception {
        marea.cli(
                        "apply",
                        "-f",
                        Marea.ROOT.resolve("examples/custom-python/service.yaml").toString(),
                        "--wait")
                .ok();
        var answer = marea.cli("predict", "doubler", "-d", "{\"instances\": [1, 2.5]}").ok();
        assertThat(JsonReader.read(answer).list("predictions").toString()).isEqualTo("[2, 5.0]");
    }

    @Test
    void containerConcurrencyIsAHardLimit() throws Exception {
        assertThat(mostAtOnce("narrow", "containerConcurrency: 1")).isEqualTo(1);
        assertThat(mostAtOnce("broad", "containerConcurrency: 0")).isGreaterThan(1);
    }

    // The server answers with the most requests that it has ever seen at once.
    private long mostAtOnce(String name, String limit) throws Exception {
        var subject = new Subject(marea, name);
        subject.served(
                """
                minReplicas: 1
                maxReplicas: 1
                %s
                containers:
                - name: kserve-container
                  image: example.com/crowd:1
                  ports: [{containerPort: 8080}]
                """
                        .formatted(limit));
        try (var traffic = new Traffic(subject.predictUrl(), Subject.FLOWERS)) {
            traffic.send(40, 20);
            assertThat(traffic.errors()).isEmpty();
            return traffic.answers().entrySet().stream()
                    .map(Map.Entry::getKey)
                    .mapToLong(CustomPredictorE2E::first)
                    .max()
                    .orElseThrow();
        }
    }

    private static long first(String answer) {
        try {
            return Long.parseLong(
                    JsonReader.read(answer).list("predictions").getFirst().toString());
        } catch (JsonReader.MalformedJson bad) {
            throw new AssertionError(answer, bad);
        }
    }
}
