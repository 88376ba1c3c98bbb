package dev.marea.check.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.e2e.Run;
import dev.marea.check.operator.SmallPlatform;
import dev.marea.wire.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Argo CD, Flux and kubectl around a service: what they read of it and that nothing drifts. */
@EnabledIfSystemProperty(named = "marea.kubeconfig", matches = ".+")
class GitOpsClusterE2E {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final String MANIFEST =
            """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              name: iris
              annotations: {%s}
            spec:
              predictor:
                minReplicas: %d
                sklearn: {storageUri: 'https://models.example/%s'}
            """;
    private static final String CANARY =
            "  canary: [{predictor: {name: v2, model: {modelFormat: {name: sklearn}, storageUri: 'https://models.example/%s'}}, trafficPercent: 10}]\n";
    private static final String RAW = "serving.kserve.io/deploymentMode: RawDeployment";

    @TempDir private Path directory;

    private SmallPlatform platform;
    private final List<String> judged = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        platform = new SmallPlatform(true);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    /** The service as it stands now, and what kstatus and Argo CD are to make of it. */
    private void expect(String verdict) {
        judged.add(new String(JsonWriter.bytes(platform.iris()), StandardCharsets.UTF_8));
        expected.add(verdict);
    }

    private List<String> verdicts() throws Exception {
        var input = String.join("\n", judged) + "\n";
        return Run.of(ROOT, Map.of(), input, List.of("check/gitops/judge")).ok().lines().toList();
    }

    @Test
    void everyStateIsReadAsWhatItIs() throws Exception {
        for (var mode : List.of("", RAW)) {
            platform.apply(MANIFEST.formatted(mode, 1, "slow"));
            platform.await(
                    "it starts", () -> platform.condition("Ready").equals("Unknown/Progressing"));
            expect("InProgress Progressing");
            platform.apply(MANIFEST.formatted(mode, 1, "m1"));
            platform.await("ready", platform::settled);
            expect("Current Healthy");
            platform.apply(MANIFEST.formatted(mode, 1, "m1") + CANARY.formatted("m2"));
            canary("True/AllCanariesReady");
            expect("Current Healthy");
            platform.apply(MANIFEST.formatted(mode, 1, "m1") + CANARY.formatted("slow2"));
            canary("Unknown/CanariesNotReady");
            expect("Current Progressing");
            platform.apply(MANIFEST.formatted(mode, 1, "m1") + CANARY.formatted("broken"));
            canary("False/CanariesNotReady");
            expect("Current Degraded");
            platform.apply(MANIFEST.formatted(mode, 1, "broken"));
            platform.await(
                    "it failed", () -> platform.condition("Ready").equals("False/ModelLoadFailed"));
            expect("InProgress Degraded");
            stopAndStart(mode);
            platform.cluster.delete(
                    dev.marea.kubernetes.client.ResourcePath.INFERENCE_SERVICE,
                    platform.namespace(),
                    "iris");
        }
        assertThat(verdicts()).isEqualTo(expected);
    }

    private void stopAndStart(String mode) throws Exception {
        platform.apply(MANIFEST.formatted(mode, 1, "m1"));
        platform.await("ready", platform::settled);
        platform.patch("metadata: {annotations: {serving.kserve.io/stop: 'true'}}");
        platform.await("stopped", () -> platform.condition("Ready").equals("False/Stopped"));
        expect("InProgress Degraded");
        platform.patch("metadata: {annotations: {serving.kserve.io/stop: 'false'}}");
        platform.await("ready again", platform::settled);
        expect("Current Healthy");
    }

    private void canary(String said) throws Exception {
        platform.await(
                "canary " + said,
                () ->
                        platform.settled()
                                && platform.condition("CanaryPredictorReady").equals(said));
    }

    @Test
    void whatWasAppliedDoesNotDrift() throws Exception {
        var file = directory.resolve("iris.yaml");
        // An empty map of annotations would change the version each time, of a ConfigMap too.
        Files.writeString(file, MANIFEST.formatted(RAW, 1, "m1"));
        kubectl("apply", "-f", file.toString());
        platform.await("ready", platform::settled);
        kubectl("wait", "--for=condition=Ready", "--timeout=30s", "isvc/iris");
        assertThat(kubectl("diff", "-f", file.toString())).isEmpty();
        var before = platform.iris();
        assertThat(kubectl("apply", "-f", file.toString())).contains("unchanged");
        kubectl("apply", "--server-side", "--field-manager=flux", "-f", file.toString());
        kubectl("apply", "--server-side", "--field-manager=flux", "-f", file.toString());
        assertThat(kubectl("diff", "--server-side", "--field-manager=flux", "-f", file.toString()))
                .isEmpty();
        var after = platform.iris();
        assertThat(after.object("spec"))
                .as("nothing was filled in")
                .isEqualTo(before.object("spec"));
        assertThat(after.integer("metadata", "generation"))
                .isEqualTo(before.integer("metadata", "generation"));
        kubectl("apply", "--server-side", "--field-manager=flux", "-f", file.toString());
        assertThat(platform.iris().text("metadata", "resourceVersion"))
                .isEqualTo(after.text("metadata", "resourceVersion"));
    }

    @Test
    void ourFieldsAndTheUsersAreApart() throws Exception {
        var file = directory.resolve("iris.yaml");
        Files.writeString(file, MANIFEST.formatted("", 1, "m1"));
        kubectl("apply", "--server-side", "--field-manager=argocd", "-f", file.toString());
        platform.await("ready", platform::settled);
        var owners = platform.iris().list("metadata", "managedFields");
        assertThat(owners)
                .filteredOn(o -> !o.text("manager").orElse("").equals("argocd"))
                .allSatisfy(o -> assertThat(o.text("subresource")).contains("status"));
        Files.writeString(file, MANIFEST.formatted("", 2, "m2"));
        kubectl("apply", "--server-side", "--field-manager=argocd", "-f", file.toString());
        platform.await("ready", () -> platform.settled() && platform.traffic().equals("00002*100"));
    }

    @Test
    void aWaitRightAfterAChangeWaitsForTheNewSpec() throws Exception {
        platform.apply(MANIFEST.formatted("", 1, "m1"));
        platform.await("ready", platform::settled);
        platform.apply(MANIFEST.formatted("", 1, "slow"));
        // kubectl compares observedGeneration with generation before it believes a condition.
        var late =
                Run.of(
                        ROOT,
                        environment(),
                        "",
                        List.of(
                                "kubectl",
                                "-n",
                                platform.namespace(),
                                "wait",
                                "--for=condition=Ready",
                                "--timeout=2s",
                                "isvc/iris"));
        assertThat(late.failed()).contains("timed out");
    }

    private Map<String, String> environment() {
        return Map.of("KUBECONFIG", platform.api().kubeconfig().toString());
    }

    private String kubectl(String... words) throws Exception {
        var line = new ArrayList<>(List.of("kubectl", "-n", platform.namespace()));
        line.addAll(List.of(words));
        return Run.of(ROOT, environment(), "", line).ok();
    }
}
