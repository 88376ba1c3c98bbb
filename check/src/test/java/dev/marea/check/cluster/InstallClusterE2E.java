package dev.marea.check.cluster;

import static dev.marea.check.cluster.ClusterUnderTest.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One installation's life: installed on a bare cluster, serving, upgraded, without its operator,
 * uninstalled. The steps build on one another, for a cluster is not bare twice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstallClusterE2E {
    private static final String TENANT = "tide";
    private static final String REQUEST = "{\"instances\": [[6.8, 2.8, 4.8, 1.4]]}";
    private static final String CHART = "charts/marea";

    private final ClusterUnderTest cluster = ClusterUnderTest.open();

    @BeforeAll
    void aBareClusterAndATenantWithAStoreOfModels() throws Exception {
        // An operator that an earlier run left would miss its kinds.
        cluster.helm("uninstall", "marea", "-n", NAMESPACE, "--wait", "--ignore-not-found").ok();
        cluster.kubectl("delete", "deployments", "--all", "-n", NAMESPACE, "--wait=true").ok();
        // Other suites leave our kinds behind, which Helm would not take over.
        var kinds = cluster.kubectl("get", "crds", "-o", "name").ok().lines();
        for (var kind : kinds.filter(k -> k.endsWith(".serving.kserve.io")).toList()) {
            cluster.kubectl("delete", kind, "--timeout=60s").ok();
        }
        for (var namespace : List.of(NAMESPACE, TENANT)) {
            cluster.apply(
                    """
                    apiVersion: v1
                    kind: Namespace
                    metadata:
                      name: %s
                      labels: {pod-security.kubernetes.io/enforce: restricted}
                    """
                            .formatted(namespace));
        }
        cluster.apply(store());
    }

    /** Serves two models by the web server that every JDK has. */
    private String store() throws Exception {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: models, namespace: %1$s}
        binaryData:
          model-1.pkl: %2$s
          model-2.joblib: %3$s
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: store, namespace: %1$s}
        spec:
          selector: {app: store}
          ports: [{port: 80, targetPort: 8000}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: store, namespace: %1$s, labels: {app: store}}
        spec:
          automountServiceAccountToken: false
          securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: web
              image: %4$s
              command: [/opt/java/bin/java, -m, jdk.httpserver, -b, 0.0.0.0, -p, "8000", -d, /srv]
              readinessProbe: {httpGet: {path: /model-1.pkl, port: 8000}, periodSeconds: 1}
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
              # Single files: the JDK's server follows none of the links that a whole ConfigMap is mounted by.
              volumeMounts:
                - {name: models, mountPath: /srv/model-1.pkl, subPath: model-1.pkl}
                - {name: models, mountPath: /srv/model-2.joblib, subPath: model-2.joblib}
          volumes: [{name: models, configMap: {name: models}}]
        """
                .formatted(
                        TENANT, model("model-1/model.pkl"), model("model-2/model.joblib"), image());
    }

    private static String model(String saved) throws Exception {
        var file = "examples/models/sklearn-iris/" + saved;
        return Base64.getEncoder()
                .encodeToString(Files.readAllBytes(ClusterUnderTest.ROOT.resolve(file)));
    }

    private String image() {
        return cluster.imagePrefix() + "/marea:" + dev.marea.app.platform.Version.CURRENT;
    }

    private void helm(String verb, String... more) throws Exception {
        var args =
                new java.util.ArrayList<>(
                        List.of(
                                verb,
                                "marea",
                                CHART,
                                "-n",
                                NAMESPACE,
                                "--set",
                                "image.prefix=" + cluster.imagePrefix(),
                                "--set",
                                "gateway.resources.requests.cpu=100m",
                                "--wait",
                                "--timeout",
                                "3m"));
        args.addAll(List.of(more));
        cluster.helm(args.toArray(String[]::new)).ok();
    }

    @Test
    @Order(1)
    void oneCommandMakesABareClusterServe() throws Exception {
        long began = System.nanoTime();
        helm("install");
        report("helm install to all pods Ready", began);
        for (var name : List.of("marea-operator", "marea-gateway")) {
            assertThat(cluster.object("deployment", NAMESPACE, name))
                    .hasValueSatisfying(
                            d -> assertThat(d.integer("status", "readyReplicas")).hasValue(2));
        }
    }

    @Test
    @Order(2)
    void aModelFromAStoreIsServedByTheGateway() throws Exception {
        long began = System.nanoTime();
        cluster.apply(service("", "model-1.pkl"));
        awaitAnswer("iris");
        report("apply to the first prediction", began);
        awaitReady("iris");
    }

    @Test
    @Order(3)
    void itsOwnNameWorksFromInsideTheCluster() throws Exception {
        fromInside("http://iris-predictor.%s.svc.cluster.local/v1/models/iris".formatted(TENANT));
        fromInside("http://iris-predictor.%s/v1/models/iris".formatted(TENANT));
    }

    /** A job of our own image that fetches the address, which needs no other image. */
    private void fromInside(String address) throws Exception {
        cluster.kubectl("delete", "job", "caller", "-n", TENANT, "--ignore-not-found").ok();
        cluster.apply(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: caller, namespace: %s}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      automountServiceAccountToken: false
                      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                      containers:
                        - name: caller
                          image: %s
                          args: [fetch, "%s", /tmp/answer]
                          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """
                        .formatted(TENANT, image(), address));
        var job =
                cluster.await(
                        address + " is fetched",
                        () -> cluster.object("job", TENANT, "caller").orElseThrow(),
                        j ->
                                j.integer("status", "succeeded").orElse(0) > 0
                                        || j.integer("status", "failed").orElse(0) > 0);
        assertThat(job.integer("status", "succeeded"))
                .as(() -> address + ": " + logsOfCaller())
                .hasValue(1);
    }

    private String logsOfCaller() {
        try {
            return cluster.kubectl("logs", "-n", TENANT, "job/caller").toString();
        } catch (Exception gone) {
            return gone.toString();
        }
    }

    @Test
    @Order(4)
    void itSleepsAndARequestWakesIt() throws Exception {
        cluster.await(
                "iris sleeps, and who is on its way out is gone",
                () -> cluster.objects("pods", TENANT, "serving.kserve.io/inferenceservice=iris"),
                List::isEmpty);
        long began = System.nanoTime();
        assertThat(predict("iris").ok()).contains("predictions");
        report("a request to a sleeping service", began);
    }

    @Test
    @Order(5)
    void aCanaryTakesItsShareAndIsPromoted() throws Exception {
        cluster.apply(service("canaryTrafficPercent: 50", "model-2.joblib"));
        cluster.await(
                "both revisions serve",
                () -> cluster.object("isvc", TENANT, "iris").orElseThrow(),
                s -> s.list("status", "components", "predictor", "traffic").size() == 2);
        assertThat(predict("iris").ok()).contains("predictions");
        cluster.apply(service("canaryTrafficPercent: 100", "model-2.joblib"));
        cluster.await(
                "the canary has all traffic",
                () -> cluster.object("isvc", TENANT, "iris").orElseThrow(),
                s -> s.list("status", "components", "predictor", "traffic").size() == 1);
        awaitReady("iris");
    }

    @Test
    @Order(6)
    void anUpgradeRestartsNoModel() throws Exception {
        cluster.apply(service("", "model-2.joblib").replace("minReplicas: 0", "minReplicas: 1"));
        awaitReady("iris");
        cluster.await("one replica", () -> cluster.replicas(TENANT, "iris"), r -> r.size() == 1);
        var before = uids();
        helm(
                "upgrade",
                "--set",
                "operator.podAnnotations.release=two",
                "--set",
                "gateway.podAnnotations.release=two");
        assertThat(predict("iris").ok()).contains("predictions");
        awaitReady("iris");
        assertThat(uids()).isEqualTo(before);
        cluster.helm("rollback", "marea", "1", "-n", NAMESPACE, "--wait", "--timeout", "3m").ok();
        assertThat(predict("iris").ok()).contains("predictions");
        assertThat(uids()).as("a downgrade restarts none either").isEqualTo(before);
    }

    private Set<String> uids() throws Exception {
        return cluster.replicas(TENANT, "iris").stream()
                .map(pod -> pod.text("metadata", "uid").orElseThrow())
                .collect(Collectors.toSet());
    }

    @Test
    @Order(7)
    void withoutAnyOperatorTheGatewayServesOn() throws Exception {
        cluster.kubectl("scale", "deployment/marea-operator", "-n", NAMESPACE, "--replicas=0").ok();
        cluster.await(
                "no operator",
                () -> cluster.objects("pods", NAMESPACE, "app.kubernetes.io/name=marea-operator"),
                List::isEmpty);
        for (int i = 0; i < 5; i++) {
            assertThat(predict("iris").ok()).contains("predictions");
        }
        cluster.kubectl("scale", "deployment/marea-operator", "-n", NAMESPACE, "--replicas=2").ok();
        cluster.kubectl("rollout", "status", "-n", NAMESPACE, "deployment/marea-operator").ok();
    }

    @Test
    @Order(8)
    void uninstallingKeepsServicesAndTheNextInstallTakesThemOver() throws Exception {
        var before = uids();
        cluster.helm("uninstall", "marea", "-n", NAMESPACE, "--wait").ok();
        assertThat(cluster.object("isvc", TENANT, "iris")).isPresent();
        assertThat(uids()).isEqualTo(before);
        helm("install", "--set", "uninstall=keep-services");
        awaitAnswer("iris");
        assertThat(uids()).isEqualTo(before);
    }

    @Test
    @Order(9)
    void uninstallingLeavesTheGatewaysServingWhenToldTo() throws Exception {
        helm("upgrade", "--set", "uninstall=keep-serving");
        cluster.helm("uninstall", "marea", "-n", NAMESPACE, "--wait").ok();
        cluster.await(
                "no operator",
                () -> cluster.objects("pods", NAMESPACE, "app.kubernetes.io/name=marea-operator"),
                List::isEmpty);
        for (int i = 0; i < 5; i++) {
            assertThat(predict("iris").ok()).contains("predictions");
        }
        helm("install", "--set", "uninstall=keep-services");
        awaitAnswer("iris");
    }

    @Test
    @Order(10)
    void uninstallingRemovesEverythingWhenToldTo() throws Exception {
        helm("upgrade", "--set", "uninstall=remove-all");
        cluster.helm("uninstall", "marea", "-n", NAMESPACE, "--wait", "--timeout", "3m").ok();
        nothingIsThere();
    }

    @Test
    @Order(11)
    void thePlainManifestDoesTheSameAndGoesAsItCame() throws Exception {
        var manifest = plainManifest();
        // Kinds that are just being deleted refuse to come back for a moment.
        cluster.await(
                "it is applied",
                () ->
                        cluster.kubectlWith(
                                manifest, "apply", "--server-side", "--force-conflicts", "-f", "-"),
                run -> run.exit() == 0);
        for (var name : List.of("marea-operator", "marea-gateway")) {
            cluster.kubectl("rollout", "status", "-n", NAMESPACE, "deployment/" + name).ok();
        }
        cluster.apply(service("", "model-1.pkl"));
        awaitAnswer("iris");
        cluster.kubectl("delete", "isvc", "iris", "-n", TENANT, "--timeout=60s").ok();
        cluster.kubectlWith(manifest, "delete", "--ignore-not-found", "--timeout=120s", "-f", "-")
                .ok();
        nothingIsThere();
    }

    /** As a person would change it: where the images are, and what this small node has room for. */
    private String plainManifest() throws Exception {
        return Files.readString(ClusterUnderTest.ROOT.resolve("charts/install.yaml"))
                .replace("image: marea:", "image: " + cluster.imagePrefix() + "/marea:")
                .replace("imagePrefix: \"\"", "imagePrefix: " + cluster.imagePrefix())
                .replaceAll("cpu: \"?(1|500m)\"?\n", "cpu: 100m\n");
    }

    private void nothingIsThere() throws Exception {
        cluster.await("no replica is left", () -> cluster.replicas(TENANT, "iris"), List::isEmpty);
        assertThat(cluster.kubectl("get", "crds", "-o", "name").ok())
                .doesNotContain("serving.kserve.io");
        var left = List.of("get", "deployments,services", "-n", NAMESPACE, "-o", "name");
        assertThat(cluster.kubectl(left.toArray(String[]::new)).ok()).isBlank();
    }

    @AfterAll
    void nothingIsLeft() throws Exception {
        cluster.kubectl("delete", "namespace", TENANT, "--wait=false", "--ignore-not-found").ok();
    }

    private static String service(String canary, String model) {
        return """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata:
          name: iris
          namespace: %s
          annotations:
            autoscaling.knative.dev/window: 6s
            autoscaling.knative.dev/scale-to-zero-pod-retention-period: 0s
        spec:
          predictor:
            minReplicas: 0
            %s
            model:
              modelFormat: {name: sklearn}
              storageUri: http://store.%s.svc.cluster.local/%s
        """
                .formatted(TENANT, canary, TENANT, model);
    }

    private dev.marea.check.e2e.Run predict(String name) throws Exception {
        var path = "/serving/%s/%s/v1/models/%s:predict".formatted(TENANT, name, name);
        return cluster.post("marea-gateway:http", path, REQUEST);
    }

    private void awaitAnswer(String name) throws Exception {
        cluster.await(name + " answers", () -> predict(name), answer -> answer.exit() == 0);
    }

    private void awaitReady(String name) throws Exception {
        cluster.await(
                name + " is Ready",
                () -> cluster.object("isvc", TENANT, name).orElseThrow(),
                InstallClusterE2E::ready);
    }

    private static boolean ready(Json service) {
        return service.integer("metadata", "generation")
                        .equals(service.integer("status", "observedGeneration"))
                && service.list("status", "conditions").stream()
                        .anyMatch(c ->
                                c.text("type").orElse("").equals("Ready")
                                        && c.text("status").orElse("").equals("True"));
    }

    /** Figures go to the output of the run; what they are worth depends on the machine's load. */
    private static void report(String what, long began) {
        System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - began) / 1e9);
    }
}
