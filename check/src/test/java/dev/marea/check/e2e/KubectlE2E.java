package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Proof 2: kubectl's verbs, unmodified, against `marea up`: those that need a node, then the rest.
 */
final class KubectlE2E extends KubectlVerbs {
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

    @Override
    Path kubeconfig() {
        return marea.kubeconfig();
    }

    @Override
    String namespace() {
        return "default";
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
        assertThat(run("", "diff", "-f", file).exit()).isEqualTo(1);
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
        var following = start("logs", "-f", "deployment/web");
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
    @Order(10)
    void keepsTheLogOfARunThatDied() throws Exception {
        run(
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
    void deletesWhatRunsAndItsNamespace() throws Exception {
        assertThat(kubectl("delete", "deployment", "web", "dies")).contains("deleted");
        kubectl("wait", "--for=delete", "pod", "-l", "app=web", "--timeout=30s");
        assertThat(kubectl("get", "rs", "-o", "name")).isEmpty();
        assertThat(kubectl("create", "namespace", "other")).contains("created");
        assertThat(kubectl("delete", "namespace", "other", "--timeout=30s")).contains("deleted");
    }

    /** Of ours alone: a cluster may well serve Jobs. */
    @Test
    @Order(12)
    void namesAKindThatOneMachineDoesNotServe() throws Exception {
        assertThat(
                        run(
                                        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\n",
                                        "apply",
                                        "-f",
                                        "-")
                                .failed())
                .contains("no matches for kind");
    }
}
