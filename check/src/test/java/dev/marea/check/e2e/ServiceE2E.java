package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Proofs 3 to 5: canary without an error, zero and the wake-up, crashes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceE2E {
    private static final String ROWS =
            "{\"instances\": [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6], [5.1, 3.5, 1.4, 0.2]]}";

    private Marea marea;

    @BeforeAll
    void up() throws Exception {
        marea = Marea.up("--no-samples");
        marea.kubectl("create", "namespace", "kserve-test").ok();
    }

    @AfterAll
    void down() throws Exception {
        marea.close();
    }

    @Test
    void theSeedsCanaryIsSplitPromotedAndRolledBackWithoutAnError() throws Exception {
        applySeedCanary();
        marea.kubectl(
                        "wait",
                        "--for=condition=Ready",
                        "isvc/sklearn-iris",
                        "-n",
                        "kserve-test",
                        "--timeout=60s")
                .ok();
        awaitTraffic("[[\"true\",10],[\"false\",90]]", "10", "90");
        var columns = marea.kubectl("get", "isvc", "-n", "kserve-test").ok();
        assertThat(columns)
                .contains(
                        "sklearn-iris",
                        "http://sklearn-iris-kserve-test.localhost",
                        "True",
                        "10",
                        "90");

        try (var traffic = traffic("kserve-test", "sklearn-iris")) {
            traffic.send(5_000, 16);
            assertThat(traffic.errors()).isEmpty();
            assertThat(traffic.answers()).as("two models answer differently").hasSize(2);
            long smaller =
                    traffic.answers().values().stream()
                            .mapToLong(Long::longValue)
                            .min()
                            .orElseThrow();
            System.out.printf(
                    "split of 5,000 requests: %d to the canary, %.2f %%%n",
                    smaller, smaller / 50.0);
            assertThat(smaller / 50.0).isBetween(8.5, 11.5);
        }
        try (var traffic = traffic("kserve-test", "sklearn-iris")) {
            traffic.startAt(200);
            TimeUnit.SECONDS.sleep(2);
            marea.cli("promote", "sklearn-iris", "-n", "kserve-test").ok();
            awaitTraffic("promoted", "100", "");
            TimeUnit.SECONDS.sleep(2);
            applySeedCanary();
            awaitTraffic("split again", "10", "90");
            TimeUnit.SECONDS.sleep(2);
            marea.cli("rollback", "sklearn-iris", "-n", "kserve-test").ok();
            awaitTraffic("rolled back", "100", "");
            TimeUnit.SECONDS.sleep(2);
            System.out.println(
                    "phases at 200/s: "
                            + traffic.total()
                            + " requests, slowest "
                            + traffic.slowestMillis()
                            + " ms");
            assertThat(traffic.errors()).isEmpty();
        }
    }

    @Test
    void aPercentByPatchSplitsAndItsRemovalPromotes() throws Exception {
        apply("percent", 1, "model-1");
        ready("percent");
        try (var traffic = traffic("kserve-test", "percent")) {
            traffic.startAt(200);
            marea.kubectl(
                            "patch",
                            "isvc",
                            "percent",
                            "-n",
                            "kserve-test",
                            "--type=merge",
                            "-p",
                            "{\"spec\":{\"predictor\":{\"canaryTrafficPercent\":10,\"model\":{\"storageUri\":\""
                                    + model("model-2")
                                    + "\"}}}}")
                    .ok();
            awaitTraffic("percent", "split", "10", "90");
            TimeUnit.SECONDS.sleep(1);
            marea.cli("rollback", "percent", "-n", "kserve-test").ok();
            awaitTraffic("percent", "rolled back", "0", "100");
            marea.cli("promote", "percent", "-n", "kserve-test").ok();
            awaitTraffic("percent", "promoted", "100", "");
            TimeUnit.SECONDS.sleep(1);
            assertThat(traffic.errors()).isEmpty();
            assertThat(traffic.answers()).hasSize(2);
        }
        assertThat(
                        marea.kubectl(
                                        "get",
                                        "isvc",
                                        "percent",
                                        "-n",
                                        "kserve-test",
                                        "-o",
                                        "jsonpath={.status.components.predictor.previousRolledoutRevision}")
                                .ok())
                .isEqualTo("percent-predictor-00001");
    }

    @Test
    void aHundredRequestsAtZeroWakeOneReplicaAndAllAreAnswered() throws Exception {
        apply("sleeper", 0, "model-1");
        ready("sleeper");
        var wakes = new java.util.ArrayList<Long>();
        for (int round = 0; round < 5; round++) {
            scaleToZero("sleeper");
            try (var traffic = traffic("kserve-test", "sleeper")) {
                long started = System.nanoTime();
                traffic.send(100, 100);
                wakes.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
                assertThat(traffic.errors()).isEmpty();
                assertThat(traffic.total()).isEqualTo(100);
            }
            assertThat(
                            marea.kubectl(
                                            "get",
                                            "pods",
                                            "-n",
                                            "kserve-test",
                                            "-l",
                                            "serving.kserve.io/inferenceservice=sleeper",
                                            "-o",
                                            "name")
                                    .ok()
                                    .lines())
                    .as("one replica, no herd")
                    .hasSize(1);
        }
        wakes.sort(null);
        System.out.println(
                "wake-up of 100 requests at zero: p50 "
                        + wakes.get(wakes.size() / 2)
                        + " ms, max "
                        + wakes.getLast()
                        + " ms of "
                        + wakes);
    }

    @Test
    void aKilledReplicaCostsNoRequest() throws Exception {
        apply("pair", 2, "model-1");
        ready("pair");
        Marea.await(
                "two replicas",
                Duration.ofSeconds(30),
                () -> marea.replicas().stream().filter(p -> serves(p, "pair")).count() == 2);
        try (var traffic = traffic("kserve-test", "pair")) {
            traffic.startAt(200);
            for (int round = 0; round < 3; round++) {
                TimeUnit.SECONDS.sleep(1);
                var victim =
                        marea.replicas().stream()
                                .filter(p -> serves(p, "pair"))
                                .findFirst()
                                .orElseThrow();
                victim.destroyForcibly();
                Marea.await(
                        "a new one",
                        Duration.ofSeconds(60),
                        () ->
                                marea.replicas().stream()
                                                .filter(p ->
                                                        serves(p, "pair")
                                                                && p.pid() != victim.pid())
                                                .count()
                                        == 2);
            }
            TimeUnit.SECONDS.sleep(1);
            System.out.println(
                    "kill -9 of replicas at 200/s: "
                            + traffic.total()
                            + " requests, errors "
                            + traffic.errors());
            assertThat(traffic.errors()).isEmpty();
        }
    }

    @Test
    void aKilledPlatformComesBackWithTheSameServicesAndNoOrphan() throws Exception {
        try (var own = Marea.up("--no-samples")) {
            own.cliWithInput(
                            manifest("kept", 1, "model-1").replace("kserve-test", "default"),
                            "apply",
                            "-f",
                            "-",
                            "--wait")
                    .ok();
            var before =
                    own.kubectl(
                                    "get",
                                    "isvc,deploy,controllerrevisions",
                                    "-o",
                                    "jsonpath={range .items[*]}{.metadata.uid}{\"\\n\"}{end}")
                            .ok();
            var replicas = own.replicas().stream().map(ProcessHandle::pid).toList();
            ProcessHandle.of(own.pid()).orElseThrow().destroyForcibly();
            TimeUnit.MILLISECONDS.sleep(300);
            own.start("--no-samples");
            own.kubectl("wait", "--for=condition=Ready", "isvc/kept", "--timeout=60s").ok();
            assertThat(
                            own.kubectl(
                                            "get",
                                            "isvc,deploy,controllerrevisions",
                                            "-o",
                                            "jsonpath={range .items[*]}{.metadata.uid}{\"\\n\"}{end}")
                                    .ok())
                    .isEqualTo(before);
            assertThat(own.replicas())
                    .as("one replica: adopted or replaced, none left over")
                    .hasSize(1);
            System.out.println(
                    "replica before and after kill -9 of marea: "
                            + replicas
                            + " "
                            + own.replicas().stream().map(ProcessHandle::pid).toList());
            assertThat(own.cli("predict", "kept", "-d", ROWS).ok()).contains("predictions");
        }
    }

    private void applySeedCanary() throws Exception {
        var seed =
                Files.readString(Marea.ROOT.resolve("examples/canary/seed.yaml"))
                        .replace(
                                "{{MODELS}}",
                                Marea.MODELS
                                        .resolve("sklearn-iris")
                                        .toUri()
                                        .toString()
                                        .replaceAll("/$", ""));
        assertThat(marea.kubectlWithInput(seed, "apply", "-f", "-").ok()).contains("sklearn-iris");
    }

    private void awaitTraffic(String what, String latest, String previous) throws Exception {
        awaitTraffic("sklearn-iris", what, latest, previous);
    }

    private void awaitTraffic(String service, String what, String latest, String previous)
            throws Exception {
        var path =
                "jsonpath={.status.components.predictor.traffic[?(@.latestRevision==true)].percent}/{.status.components.predictor.traffic[?(@.tag==\"prev\")].percent}";
        Marea.await(
                what + ": " + latest + "/" + previous,
                Duration.ofSeconds(60),
                () -> {
                    try {
                        return marea.kubectl(
                                        "get", "isvc", service, "-n", "kserve-test", "-o", path)
                                .ok()
                                .equals(latest + "/" + previous);
                    } catch (java.io.IOException | InterruptedException failed) {
                        throw new AssertionError(failed);
                    }
                });
    }

    private void scaleToZero(String service) throws Exception {
        Marea.await(
                "no process of " + service + " after its grace",
                Duration.ofSeconds(150),
                () -> marea.replicas().stream().noneMatch(p -> serves(p, service)));
    }

    private static boolean serves(ProcessHandle process, String service) {
        try {
            return Files.readString(
                            java.nio.file.Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .contains("--model_name=" + service);
        } catch (java.io.IOException gone) {
            return false;
        }
    }

    private void apply(String name, int minReplicas, String model) throws Exception {
        marea.kubectlWithInput(manifest(name, minReplicas, model), "apply", "-f", "-").ok();
    }

    private void ready(String name) throws Exception {
        marea.kubectl(
                        "wait",
                        "--for=condition=Ready",
                        "isvc/" + name,
                        "-n",
                        "kserve-test",
                        "--timeout=60s")
                .ok();
    }

    private static String model(String model) {
        return Marea.MODELS.resolve("sklearn-iris").resolve(model).toUri().toString();
    }

    private static String manifest(String name, int minReplicas, String model) {
        return """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata:
          name: %s
          namespace: kserve-test
          annotations: {autoscaling.knative.dev/window: 6s, autoscaling.knative.dev/scale-to-zero-pod-retention-period: 0s}
        spec:
          predictor:
            minReplicas: %d
            model:
              modelFormat: {name: sklearn}
              storageUri: "%s"
        """
                .formatted(name, minReplicas, model(model));
    }

    private Traffic traffic(String namespace, String service) throws Exception {
        return new Traffic(
                URI.create(
                        marea.gateway()
                                + "/serving/"
                                + namespace
                                + "/"
                                + service
                                + "/v1/models/"
                                + service
                                + ":predict"),
                ROWS);
    }
}
