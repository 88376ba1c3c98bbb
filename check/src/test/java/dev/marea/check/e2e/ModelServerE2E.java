package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A replica as the clients of Triton, MLServer and KServe meet it, none of them written here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelServerE2E {
    private static final String CLIENTS = System.getProperty("marea.clients.python", "python3");
    private static final String KSERVE = System.getProperty("marea.sdk.python", "python3");

    private Marea marea;
    private String iris;
    private String passengers;

    @BeforeAll
    void up() throws Exception {
        marea = Marea.up("--no-samples");
        new Subject(marea, "iris").served(Subject.sklearn(Subject.IRIS.resolve("model-1") + ""));
        var frame = Marea.MODELS.resolve("transformers/1.9.1/titanic-logistic");
        new Subject(marea, "passengers").served(Subject.sklearn(frame + ""));
        iris = address("iris");
        passengers = address("passengers");
    }

    @AfterAll
    void down() {
        marea.close();
    }

    @Test
    void restAsTritonsMlserversAndCloudEventsClientsSpeakIt() throws Exception {
        var out = script(CLIENTS, "clients_rest.py", "http://" + iris, "--iris", "iris");
        assertThat(out).contains("triton").contains("mlserver").doesNotContain("FAILED");
    }

    @Test
    void restAsKservesClientSpeaksIt() throws Exception {
        var out = script(KSERVE, "clients_rest.py", "http://" + iris, "--iris", "iris");
        assertThat(out).contains("kserve").doesNotContain("FAILED");
    }

    @Test
    void dataFramesAsTheirClientsSendThem() throws Exception {
        var rows = Marea.MODELS.resolve("transformers/inputs/passengers.json").toString();
        var answers =
                Marea.MODELS
                        .resolve("transformers/1.9.1/titanic-logistic/expected.json")
                        .toString();
        for (var python : List.of(CLIENTS, KSERVE)) {
            script(
                    python,
                    "clients_rest.py",
                    "http://" + passengers,
                    "--frame",
                    "passengers",
                    "--rows",
                    rows,
                    "--expected",
                    answers);
        }
    }

    @Test
    void grpcAsTritonsAndKservesClientsSpeakIt() throws Exception {
        for (var python : List.of(CLIENTS, KSERVE)) {
            var out = script(python, "clients_grpc.py", iris, "--iris", "iris");
            assertThat(out).doesNotContain("FAILED");
        }
    }

    private static String script(String python, String script, String... args) throws Exception {
        var command = new ArrayList<>(List.of(python, "check/e2e/" + script));
        command.addAll(List.of(args));
        var run = Run.of(Marea.ROOT, Map.of(), "", command);
        System.out.print(run.out());
        return run.ok();
    }

    /** Host and port of the service's one replica, as another pod would reach it. */
    private String address(String service) throws Exception {
        var slices =
                JsonReader.read(
                        marea.kubectl(
                                        "get",
                                        "endpointslices",
                                        "-l",
                                        "serving.kserve.io/inferenceservice=" + service,
                                        "-o",
                                        "json")
                                .ok());
        for (var slice : slices.list("items")) {
            if (!slice.list("endpoints").isEmpty()) {
                return "127.0.0.1:" + slice.list("ports").getFirst().integer("port").orElseThrow();
            }
        }
        throw new AssertionError("no endpoint of " + service + " in " + slices);
    }
}
