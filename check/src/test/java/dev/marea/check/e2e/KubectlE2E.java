package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Proof 2: kubectl's verbs, unmodified, against `marea up`. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KubectlE2E {
    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {app: web}}
            spec:
              replicas: 1
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: web
                    image: test/ticker:1
                    env: [{name: GREETING, value: before-edit}]
            """;

    private Marea marea;

    @BeforeAll
    void up() throws Exception {
        var home = Files.createTempDirectory("marea-kubectl");
        Files.writeString(
                home.resolve("config.yaml"),
                """
                images:
                  test/ticker:1: [sh, -c, 'echo "$GREETING to the log"; while true; do sleep 0.2; done']
                  test/ticker:2: [sh, -c, 'echo "two"; while true; do sleep 0.2; done']
                  test/dies:1: [sh, -c, 'echo "last words"; exit 7']
                """);
        marea = Marea.up(home, "--no-samples");
    }

    @AfterAll
    void down() throws Exception {
        marea.close();
    }

    @Test
    @Order(1)
    void readsWhatIsThereBeforeAnythingIsApplied() throws Exception {
        assertThat(kubectl("version")).contains("Server Version");
        assertThat(kubectl("api-resources"))
                .contains("inferenceservices", "isvc", "deployments", "pods");
        assertThat(kubectl("get", "namespaces")).contains("default", "Active");
        assertThat(kubectl("get", "nodes", "-o", "wide")).contains("Ready");
        assertThat(kubectl("get", "crd")).contains("inferenceservices.serving.kserve.io");
        assertThat(kubectl("auth", "can-i", "create", "inferenceservices.serving.kserve.io"))
                .contains("yes");
        assertThat(kubectl("explain", "inferenceservice.spec.predictor.minReplicas"))
                .contains("minReplicas");
        assertThat(kubectl("explain", "deployment.spec.template.spec.containers"))
                .contains("image");
    }

    @Test
    @Order(2)
    void appliesShowsAndDiffsADeployment() throws Exception {
        var file = write("web.yaml", DEPLOYMENT);
        assertThat(kubectl("apply", "-f", file, "--dry-run=server"))
                .contains("created (server dry run)");
        assertThat(marea.kubectl("diff", "-f", file).exit()).isEqualTo(1);
        assertThat(kubectl("apply", "-f", file)).contains("deployment.apps/web created");
        assertThat(kubectl("rollout", "status", "deployment/web", "--timeout=30s"))
                .contains("successfully rolled out");
        assertThat(kubectl("apply", "-f", file)).contains("unchanged");
        assertThat(kubectl("diff", "-f", file)).isEmpty();
        assertThat(kubectl("get", "deploy", "web")).contains("READY", "1/1");
        assertThat(kubectl("get", "deploy,rs,pods", "-l", "app=web", "-o", "wide"))
                .contains("replicaset.apps/web-", "pod/web-", "Running");
        assertThat(kubectl("get", "pods", "-A", "-o", "name")).contains("pod/web-");
        assertThat(kubectl("get", "deploy", "web", "-o", "yaml"))
                .contains("kind: Deployment", "readyReplicas: 1");
        assertThat(kubectl("get", "deploy", "web", "-o", "json"))
                .contains("\"kind\": \"Deployment\"");
        assertThat(kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("1");
        assertThat(kubectl("get", "pods", "--field-selector", "status.phase=Running", "-o", "name"))
                .contains("pod/web-");
        assertThat(kubectl("describe", "deploy", "web"))
                .contains("RollingUpdate", "Available", "ScalingReplicaSet");
        assertThat(kubectl("describe", "pod", "-l", "app=web")).contains("Started", "Container ID");
        assertThat(kubectl("events")).contains("Started");
        assertThat(kubectl("get", "events")).contains("ScalingReplicaSet");
    }

    @Test
    @Order(3)
    void readsAndFollowsLogs() throws Exception {
        assertThat(kubectl("logs", "deployment/web")).contains("before-edit to the log");
        assertThat(kubectl("logs", "-l", "app=web", "--tail=1", "--timestamps"))
                .contains("Z before-edit to the log");
        var following =
                new ProcessBuilder(
                                "kubectl",
                                "--kubeconfig",
                                marea.kubeconfig().toString(),
                                "logs",
                                "-f",
                                "deployment/web")
                        .start();
        try (var lines = following.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("before-edit to the log");
        } finally {
            following.destroyForcibly();
        }
    }

    @Test
    @Order(4)
    void editsPatchesLabelsAndAnnotates() throws Exception {
        assertThat(kubectl("edit", "deployment", "web")).contains("edited");
        assertThat(
                        kubectl(
                                "get",
                                "deploy",
                                "web",
                                "-o",
                                "jsonpath={.spec.template.spec.containers[0].env[0].value}"))
                .isEqualTo("after-edit");
        assertThat(
                        kubectl(
                                "patch",
                                "deploy",
                                "web",
                                "--type=merge",
                                "-p",
                                "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}"))
                .contains("patched");
        assertThat(
                        kubectl(
                                "patch",
                                "deploy",
                                "web",
                                "--type=json",
                                "-p",
                                "[{\"op\":\"replace\",\"path\":\"/metadata/labels/a\",\"value\":\"2\"}]"))
                .contains("patched");
        assertThat(
                        kubectl(
                                "patch",
                                "deploy",
                                "web",
                                "-p",
                                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"env\":[{\"name\":\"MORE\",\"value\":\"x\"}]}]}}}}"))
                .contains("patched");
        assertThat(
                        kubectl(
                                "get",
                                "deploy",
                                "web",
                                "-o",
                                "jsonpath={.spec.template.spec.containers[0].env[*].name}"))
                .isEqualTo("MORE GREETING");
        assertThat(kubectl("label", "deploy", "web", "tier=front")).contains("labeled");
        assertThat(kubectl("label", "deploy", "web", "tier-")).contains("unlabeled");
        assertThat(kubectl("annotate", "deploy", "web", "note=hello")).contains("annotated");
        assertThat(kubectl("set", "image", "deploy/web", "web=test/ticker:2"))
                .contains("image updated");
        assertThat(kubectl("rollout", "status", "deployment/web", "--timeout=30s"))
                .contains("successfully rolled out");
        assertThat(kubectl("rollout", "history", "deployment/web")).contains("REVISION");
        assertThat(kubectl("rollout", "undo", "deployment/web")).contains("rolled back");
        assertThat(kubectl("rollout", "status", "deployment/web", "--timeout=30s"))
                .contains("successfully rolled out");
    }

    @Test
    @Order(5)
    void scalesAndWaits() throws Exception {
        assertThat(kubectl("scale", "deployment/web", "--replicas=3")).contains("scaled");
        assertThat(
                        kubectl(
                                "wait",
                                "--for=jsonpath={.status.readyReplicas}=3",
                                "deployment/web",
                                "--timeout=30s"))
                .contains("condition met");
        assertThat(kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout=30s"))
                .contains("condition met");
        kubectl("scale", "deployment/web", "--replicas=0");
        assertThat(kubectl("wait", "--for=delete", "pod", "-l", "app=web", "--timeout=30s"))
                .isNotNull();
        kubectl("scale", "deployment/web", "--replicas=1");
        kubectl("rollout", "status", "deployment/web", "--timeout=30s");
    }

    @Test
    @Order(6)
    void ownsFieldsAndReportsConflicts() throws Exception {
        var one =
                write(
                        "one.yaml",
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\ndata: {a: '1', b: '1'}\n");
        var two =
                write(
                        "two.yaml",
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\ndata: {a: '2'}\n");
        kubectl("apply", "--server-side", "--field-manager=one", "-f", one);
        assertThat(
                        marea.kubectl("apply", "--server-side", "--field-manager=two", "-f", two)
                                .failed())
                .contains("conflict with \"one\"", ".data.a");
        kubectl("apply", "--server-side", "--field-manager=two", "--force-conflicts", "-f", two);
        assertThat(kubectl("get", "cm", "shared", "-o", "jsonpath={.data.a}{.data.b}"))
                .isEqualTo("21");
        assertThat(kubectl("get", "cm", "shared", "-o", "yaml", "--show-managed-fields"))
                .contains("manager: one", "manager: two", "f:data");
    }

    @Test
    @Order(7)
    void createsReplacesAndRefusesAStaleWrite() throws Exception {
        assertThat(kubectl("create", "configmap", "plain", "--from-literal=k=v"))
                .contains("created");
        assertThat(marea.kubectl("create", "configmap", "plain", "--from-literal=k=v").failed())
                .contains("already exists");
        assertThat(kubectl("create", "secret", "generic", "hidden", "--from-literal=password=x"))
                .contains("created");
        assertThat(kubectl("create", "namespace", "other")).contains("created");
        var old = kubectl("get", "cm", "plain", "-o", "yaml");
        assertThat(marea.kubectlWithInput(old.replace("k: v", "k: w"), "replace", "-f", "-").ok())
                .contains("replaced");
        assertThat(
                        marea.kubectlWithInput(old.replace("k: v", "k: x"), "replace", "-f", "-")
                                .failed())
                .contains("the object has been modified");
    }

    @Test
    @Order(8)
    void refusesUnknownFieldsWithAHint() throws Exception {
        assertThat(
                        marea.kubectlWithInput(
                                        DEPLOYMENT.replace("replicas: 1", "replicsa: 1"),
                                        "apply",
                                        "-f",
                                        "-")
                                .failed())
                .contains("replicsa");
        assertThat(
                        marea.kubectlWithInput(
                                        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\n",
                                        "apply",
                                        "-f",
                                        "-")
                                .failed())
                .contains("no matches for kind");
    }

    @Test
    @Order(9)
    void watches() throws Exception {
        var watching =
                new ProcessBuilder(
                                "kubectl",
                                "--kubeconfig",
                                marea.kubeconfig().toString(),
                                "get",
                                "cm",
                                "-w",
                                "-o",
                                "name")
                        .start();
        try (var lines = watching.inputReader()) {
            lines.readLine();
            kubectl("create", "configmap", "seen-by-watch");
            Marea.await(
                    "the watch shows the new object",
                    Duration.ofSeconds(20),
                    () -> readsUntil(lines, "configmap/seen-by-watch"));
        } finally {
            watching.destroyForcibly();
        }
    }

    private static boolean readsUntil(java.io.BufferedReader lines, String wanted) {
        try {
            return wanted.equals(lines.readLine());
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    @Order(10)
    void keepsTheLogOfARunThatDied() throws Exception {
        marea.kubectlWithInput(
                        DEPLOYMENT.replace("web", "dies").replace("test/ticker:1", "test/dies:1"),
                        "apply",
                        "-f",
                        "-")
                .ok();
        kubectl(
                "wait",
                "--for=jsonpath={.status.containerStatuses[0].restartCount}=1",
                "pod",
                "-l",
                "app=dies",
                "--timeout=30s");
        var pod = kubectl("get", "pod", "-l", "app=dies", "-o", "name").strip();
        assertThat(kubectl("logs", "--previous", pod)).contains("last words");
        assertThat(kubectl("get", "pods", "-l", "app=dies"))
                .containsAnyOf("CrashLoopBackOff", "Error");
        assertThat(kubectl("describe", pod)).contains("Exit Code:    7", "BackOff");
    }

    @Test
    @Order(11)
    void deletesWithOwnersAndFinalizers() throws Exception {
        assertThat(kubectl("delete", "deployment", "web", "dies")).contains("deleted");
        kubectl("wait", "--for=delete", "pod", "-l", "app=web", "--timeout=30s");
        assertThat(kubectl("get", "rs", "-o", "name")).isEmpty();
        kubectl(
                "patch",
                "cm",
                "plain",
                "--type=merge",
                "-p",
                "{\"metadata\":{\"finalizers\":[\"test.example/hold\"]}}");
        kubectl("delete", "cm", "plain", "--wait=false");
        assertThat(kubectl("get", "cm", "plain", "-o", "jsonpath={.metadata.deletionTimestamp}"))
                .isNotEmpty();
        kubectl(
                "patch",
                "cm",
                "plain",
                "--type=merge",
                "-p",
                "{\"metadata\":{\"finalizers\":null}}");
        assertThat(marea.kubectl("get", "cm", "plain").failed()).contains("NotFound");
        assertThat(kubectl("delete", "namespace", "other", "--timeout=30s")).contains("deleted");
    }

    private String kubectl(String... args) throws Exception {
        return marea.kubectl(args).ok();
    }

    private String write(String name, String content) throws IOException {
        Path file = marea.home().resolve(name);
        Files.writeString(file, content);
        return file.toString();
    }
}
