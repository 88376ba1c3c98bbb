package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of kubectl that need no node: they hold against any API, ours or a cluster's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class KubectlVerbs {
    private static final String IDLE =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: idle, labels: {app: idle}}
            spec:
              replicas: 0
              selector: {matchLabels: {app: idle}}
              template:
                metadata: {labels: {app: idle}}
                spec:
                  containers:
                  - name: idle
                    image: test/idle:1
                    env: [{name: GREETING, value: before-edit}]
            """;

    @TempDir Path files;

    abstract Path kubeconfig();

    abstract String namespace();

    /** Standard output of a run that must succeed. */
    final String kubectl(String... args) throws Exception {
        return run("", args).ok();
    }

    final Run run(String input, String... args) throws IOException, InterruptedException {
        return Run.of(
                files,
                Map.of("KUBE_EDITOR", "sed -i s/before-edit/after-edit/"),
                input,
                command(args));
    }

    /** For what does not end by itself; the caller destroys it. */
    final Process start(String... args) throws IOException {
        return new ProcessBuilder(command(args)).start();
    }

    private List<String> command(String... args) {
        var command = new ArrayList<String>();
        command.addAll(
                List.of(
                        "kubectl",
                        "--kubeconfig",
                        kubeconfig().toString(),
                        "--namespace",
                        namespace()));
        command.addAll(List.of(args));
        return command;
    }

    final String write(String name, String content) throws IOException {
        var file = files.resolve(name);
        Files.writeString(file, content);
        return file.toString();
    }

    @Test
    @Order(20)
    void looksAroundAndExplains() throws Exception {
        assertThat(kubectl("version")).contains("Server Version");
        assertThat(kubectl("api-resources")).contains("deployments", "configmaps", "pods");
        assertThat(kubectl("api-versions")).contains("apps/v1", "v1\n");
        assertThat(kubectl("get", "namespaces")).contains("default", "Active");
        assertThat(kubectl("auth", "can-i", "create", "deployments.apps")).contains("yes");
        assertThat(kubectl("explain", "deployment.spec.template.spec.containers"))
                .contains("image");
    }

    @Test
    @Order(21)
    void appliesDiffsAndShowsADeployment() throws Exception {
        var file = write("idle.yaml", IDLE);
        assertThat(kubectl("apply", "-f", file, "--dry-run=server"))
                .contains("created (server dry run)");
        assertThat(run("", "diff", "-f", file).exit()).isEqualTo(1);
        assertThat(kubectl("apply", "-f", file)).contains("deployment.apps/idle created");
        assertThat(kubectl("rollout", "status", "deployment/idle", "--timeout=30s"))
                .contains("successfully rolled out");
        assertThat(kubectl("apply", "-f", file)).contains("unchanged");
        assertThat(kubectl("diff", "-f", file)).isEmpty();
        assertThat(kubectl("get", "deploy", "idle")).contains("READY", "0/0");
        assertThat(kubectl("get", "deploy,rs", "-l", "app=idle", "-o", "wide"))
                .contains("deployment.apps/idle", "replicaset.apps/idle-", "test/idle:1");
        assertThat(kubectl("get", "deploy", "-A", "-o", "name")).contains("deployment.apps/idle");
        assertThat(kubectl("get", "deploy", "idle", "-o", "yaml")).contains("kind: Deployment");
        assertThat(kubectl("get", "deploy", "idle", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("0");
        assertThat(kubectl("get", "deploy", "--field-selector", "metadata.name=idle", "-o", "name"))
                .isEqualTo("deployment.apps/idle\n");
        assertThat(kubectl("describe", "deploy", "idle")).contains("RollingUpdate", "Available");
        assertThat(kubectl("wait", "--for=condition=Available", "deploy/idle", "--timeout=30s"))
                .contains("condition met");
    }

    @Test
    @Order(22)
    void editsPatchesLabelsAnnotatesAndScales() throws Exception {
        assertThat(kubectl("edit", "deployment", "idle")).contains("edited");
        assertThat(environment("value")).isEqualTo("after-edit");
        assertThat(
                        kubectl(
                                "patch",
                                "deploy",
                                "idle",
                                "--type=merge",
                                "-p",
                                "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}"))
                .contains("patched");
        assertThat(
                        kubectl(
                                "patch",
                                "deploy",
                                "idle",
                                "--type=json",
                                "-p",
                                "[{\"op\":\"replace\",\"path\":\"/metadata/labels/a\",\"value\":\"2\"}]"))
                .contains("patched");
        assertThat(
                        kubectl(
                                "patch",
                                "deploy",
                                "idle",
                                "-p",
                                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"idle\",\"env\":[{\"name\":\"MORE\",\"value\":\"x\"}]}]}}}}"))
                .contains("patched");
        assertThat(environment("name")).isEqualTo("MORE GREETING");
        assertThat(kubectl("label", "deploy", "idle", "tier=front")).contains("labeled");
        assertThat(kubectl("label", "deploy", "idle", "tier-")).contains("unlabeled");
        assertThat(kubectl("annotate", "deploy", "idle", "note=hello")).contains("annotated");
        assertThat(kubectl("set", "image", "deploy/idle", "idle=test/idle:2"))
                .contains("image updated");
        assertThat(kubectl("rollout", "status", "deployment/idle", "--timeout=30s"))
                .contains("successfully rolled out");
        assertThat(kubectl("rollout", "history", "deployment/idle")).contains("REVISION");
        assertThat(kubectl("rollout", "undo", "deployment/idle")).contains("rolled back");
        assertThat(kubectl("scale", "deployment/idle", "--replicas=0")).contains("scaled");
    }

    private String environment(String part) throws Exception {
        return kubectl(
                "get",
                "deploy",
                "idle",
                "-o",
                "jsonpath={.spec.template.spec.containers[0].env[*]." + part + "}");
    }

    @Test
    @Order(23)
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
        assertThat(run("", "apply", "--server-side", "--field-manager=two", "-f", two).failed())
                .contains("conflict with \"one\"", ".data.a");
        kubectl("apply", "--server-side", "--field-manager=two", "--force-conflicts", "-f", two);
        assertThat(kubectl("get", "cm", "shared", "-o", "jsonpath={.data.a}{.data.b}"))
                .isEqualTo("21");
        assertThat(kubectl("get", "cm", "shared", "-o", "yaml", "--show-managed-fields"))
                .contains("manager: one", "manager: two", "f:data");
    }

    @Test
    @Order(24)
    void createsReplacesAndRefusesAStaleWrite() throws Exception {
        assertThat(kubectl("create", "configmap", "plain", "--from-literal=k=v"))
                .contains("created");
        assertThat(run("", "create", "configmap", "plain", "--from-literal=k=v").failed())
                .contains("already exists");
        assertThat(kubectl("create", "secret", "generic", "hidden", "--from-literal=password=x"))
                .contains("created");
        var old = kubectl("get", "cm", "plain", "-o", "yaml");
        assertThat(run(old.replace("k: v", "k: w"), "replace", "-f", "-").ok())
                .contains("replaced");
        assertThat(run(old.replace("k: v", "k: x"), "replace", "-f", "-").failed())
                .contains("the object has been modified");
    }

    @Test
    @Order(25)
    void refusesUnknownFieldsAndKinds() throws Exception {
        assertThat(run(IDLE.replace("replicas: 0", "replicsa: 0"), "apply", "-f", "-").failed())
                .contains("replicsa");
        assertThat(
                        run(
                                        "apiVersion: nobody.example/v1\nkind: Thing\nmetadata: {name: x}\n",
                                        "apply",
                                        "-f",
                                        "-")
                                .failed())
                .contains("no matches for kind");
    }

    @Test
    @Order(26)
    void watches() throws Exception {
        var watching = start("get", "cm", "-w", "-o", "name");
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

    private static boolean readsUntil(BufferedReader lines, String wanted) {
        try {
            return wanted.equals(lines.readLine());
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    @Order(27)
    void deletesWithOwnersAndFinalizers() throws Exception {
        assertThat(kubectl("delete", "deployment", "idle", "--cascade=foreground", "--timeout=30s"))
                .contains("deleted");
        assertThat(kubectl("get", "rs", "-l", "app=idle", "-o", "name")).isEmpty();
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
        assertThat(run("", "get", "cm", "plain").failed()).contains("NotFound");
    }
}
