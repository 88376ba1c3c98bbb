package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.JsonReader;
import java.io.File;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every format that the model server reads, from a manifest to an answer through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormatsE2E {
    private Marea marea;

    @BeforeAll
    void up() throws Exception {
        marea = Marea.up("--no-samples");
    }

    @AfterAll
    void down() {
        marea.close();
    }

    @ParameterizedTest
    @CsvSource({
        "boosted, xgboost, xgboost/new/binary",
        "wardrobe, lightgbm, lightgbm/pandas",
        "pictures, onnx, onnx/residual"
    })
    void aServiceOfThisFormatSaysWhatItTakesAndGives(String name, String format, String model)
            throws Exception {
        var subject = subject(name).served(model(format, Marea.MODELS.resolve(model)));
        var metadata = JsonReader.read(subject.get("/v2/models/" + name));
        assertThat(metadata.text("platform")).contains(format);
        assertThat(metadata.list("inputs")).isNotEmpty();
        assertThat(metadata.list("outputs")).isNotEmpty();
        subject.delete();
    }

    @Test
    void aDataFrameIsAskedByItsColumns() throws Exception {
        var subject =
                subject("frame").served(model("lightgbm", Marea.MODELS.resolve("lightgbm/pandas")));
        var answer =
                subject.post(
                        "/v1/models/frame:predict",
                        """
                        {"instances": [{"age": 33, "colour": "blue", "size": 5, "income": 0.25}, {"age": 51, "colour": null, "size": 2, "income": 1.5}]}
                        """);
        assertThat(JsonReader.read(answer).list("predictions")).hasSize(2);
        subject.delete();
    }

    @Test
    void aModelWrittenInJavaAnswersExplainsAndStreams() throws Exception {
        var directory = tide();
        var subject = subject("tide").served(model("java", directory));

        var height = subject.post("/v1/models/tide:predict", "{\"instances\": [0.0, 6.2]}");
        assertThat(JsonReader.read(height).list("predictions")).hasSize(2);
        var shares = subject.post("/v1/models/tide:explain", "{\"instances\": [0.0]}");
        assertThat(JsonReader.read(shares).list("explanations")).hasSize(1);
        var events =
                subject.sent(
                        HttpRequest.newBuilder(subject.url("/v1/models/tide:predict"))
                                .header("Content-Type", "application/json")
                                .header("Accept", "text/event-stream")
                                .POST(BodyPublishers.ofString("{\"instances\": [0.0, 1.0, 2.0]}")));
        assertThat(events.headers().firstValue("content-type").orElse(""))
                .startsWith("text/event-stream");
        assertThat(events.body().lines().filter(line -> line.startsWith("data:"))).hasSize(3);
        subject.delete();
    }

    @Test
    void aDamagedModelLeavesTheOldRevisionServing() throws Exception {
        var directory = Files.createTempDirectory("damaged");
        var good = Files.readAllBytes(Subject.IRIS.resolve("model-1").resolve("model.pkl"));
        Files.write(directory.resolve("model.pkl"), java.util.Arrays.copyOf(good, good.length / 2));
        var subject = subject("kept").served(Subject.sklearn(Subject.IRIS.resolve("model-1") + ""));
        subject.patch(
                "{\"spec\": {\"predictor\": {\"model\": {\"storageUri\": \""
                        + directory
                        + "\"}}}}");
        subject.awaitField(".status.conditions[*].reason", "ModelLoadFailed");
        subject.awaitField(".status.conditions[*].message", "model.pkl, byte");
        assertThat(subject.predict()).isEqualTo(Subject.FIRST_ANSWER);
        subject.delete();
    }

    @Test
    void grpcGoesThroughTheGatewayByItsAuthority() throws Exception {
        var subject = subject("ways").served(Subject.sklearn(Subject.IRIS.resolve("model-1") + ""));
        var run =
                Run.of(
                        Marea.ROOT,
                        Map.of(),
                        "",
                        List.of(
                                System.getProperty("marea.clients.python", "python3"),
                                "check/e2e/grpc_gateway.py",
                                marea.gateway().replace("http://", ""),
                                URI.create(subject.field(".status.url")).getHost(),
                                "ways"));
        System.out.print(run.out());
        assertThat(run.ok()).contains("passed unary", "passed stream", "passed refused");
        subject.delete();
    }

    private Subject subject(String name) {
        return new Subject(marea, name);
    }

    private static String model(String format, Path directory) {
        return """
        minReplicas: 1
        model:
          modelFormat: {name: %s}
          storageUri: "%s"
        """
                .formatted(format, directory);
    }

    /** The example project, built without Maven. */
    private static Path tide() throws Exception {
        var example = Marea.ROOT.resolve("examples/java-model");
        var directory = Files.createTempDirectory("tide");
        var classes = Files.createTempDirectory("tide-classes");
        Files.copy(example.resolve("constituents.csv"), directory.resolve("constituents.csv"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            var options = List.of("-d", classes + "", "-cp", System.getProperty("java.class.path"));
            var sources =
                    files.getJavaFileObjects(
                            new File(example + "/src/main/java/com/example/Tide.java"));
            assertThat(compiler.getTask(null, files, null, options, null, sources).call()).isTrue();
        }
        var service = "META-INF/services/dev.marea.server.Model";
        try (var jar = new JarOutputStream(Files.newOutputStream(directory.resolve("tide.jar")));
                var compiled = Files.walk(classes)) {
            for (var path : compiled.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                jar.write(Files.readAllBytes(path));
            }
            jar.putNextEntry(new JarEntry(service));
            jar.write(Files.readAllBytes(example.resolve("src/main/resources").resolve(service)));
        }
        return directory;
    }
}
