package dev.marea.check.cluster;

import static dev.marea.check.cluster.WebhookUnderTest.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.kubernetes.certs.Terms;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** T01 to T08 of the trust contract, as kubectl and a real API server see them. */
@EnabledIfSystemProperty(named = "marea.kubeconfig", matches = ".+")
@TestInstance(Lifecycle.PER_CLASS)
class WebhookClusterE2E {
    private static final String TENANT = "--as=ann";
    private static final String SECRET = "volumes: [{name: a, secret: {secretName: token}}]";

    private WebhookUnderTest webhook;

    @BeforeAll
    void open() throws Exception {
        webhook = new WebhookUnderTest(Terms.DEFAULT);
        allow(
                "services",
                "serving.kserve.io",
                "inferenceservices",
                "get,list,create,patch,update",
                "");
        allow(
                "runtimes",
                "serving.kserve.io",
                "servingruntimes",
                "get,list,create,patch,update",
                "");
    }

    @AfterAll
    void close() {
        webhook.close();
    }

    /** A Role of that name for ann. */
    private void allow(String role, String group, String resource, String verbs, String name) {
        var names = name.isEmpty() ? "" : ", resourceNames: [" + name + "]";
        var said =
                webhook.kubectl(
                        "apply",
                        """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: %1$s}
                        rules: [{apiGroups: ['%2$s'], resources: [%3$s], verbs: [%4$s]%5$s}]
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: %1$s}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %1$s}
                        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}]
                        """
                                .formatted(role, group, resource, verbs, names));
        assertThat(said.err()).isEmpty();
    }

    private void disallow(String role) {
        assertThat(webhook.kubectl("delete", "", "rolebinding", role).ok()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"--dry-run=none", "--dry-run=server", "--validate=false", "--server-side"})
    void aTypoIsRefusedHoweverItIsSent(String flag) {
        var said = webhook.kubectl("apply", service("typo", "canaryTraficPercent: 10"), flag);

        assertThat(said.ok()).isFalse();
        assertThat(said.err())
                .contains("spec.predictor.canaryTraficPercent")
                .contains("did you mean \"canaryTrafficPercent\"?");
        assertThat(webhook.kubectl("get", "", "isvc", "typo").ok()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "canaryTrafficPercent: -1 | spec.predictor.canaryTrafficPercent",
                "canaryTrafficPercent: 101 | spec.predictor.canaryTrafficPercent",
                "canaryTrafficPercent: ten | spec.predictor.canaryTrafficPercent",
                "sklearn: {storageUri: 'https://a/b'} | spec.predictor",
                "minReplicas: 5, maxReplicas: 2 | spec.predictor.minReplicas",
                "minReplicas: 1000000000 | spec.predictor.minReplicas",
                "initContainers: [{name: a, env: [{name: PYTHONPATH, value: a}]}] | spec.predictor.initContainers[0].env[0].name",
            })
    void aContradictionIsRefusedWithItsPath(String more, String field) {
        var said = webhook.kubectl("apply", service("odd", more), "--dry-run=server");

        assertThat(said.ok()).isFalse();
        assertThat(said.err()).contains(field);
    }

    @Test
    void aNameThatMakesNoHostIsRefused() {
        assertThat(webhook.kubectl("apply", service("a".repeat(64), "")).ok()).isFalse();
        assertThat(webhook.kubectl("apply", service("Upper", "")).ok()).isFalse();
        assertThat(webhook.kubectl("apply", service("a.b", "")).ok()).isFalse();
    }

    @Test
    void aGoodManifestIsAdmittedAndWarningsArePrinted() {
        var said =
                webhook.kubectl("apply", service("good", "batcher: {maxBatchSize: 8, timeout: 1}"));

        assertThat(said.ok()).as(said.err()).isTrue();
        assertThat(said.err()).contains("Warning: ");
        assertThat(webhook.kubectl("apply", service("good", "")).ok()).isTrue();
        assertThat(webhook.kubectl("diff", service("good", "")).out()).isEmpty();
        assertThat(webhook.kubectl("delete", "", "isvc", "good").ok()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "hostNetwork: true | spec.predictor.hostNetwork",
                "volumes: [{name: a, hostPath: {path: /}}] | spec.predictor.volumes[0].hostPath",
                "securityContext: {runAsUser: 0} | spec.predictor.securityContext.runAsUser",
                "containers: [{name: a, image: 'b:1', securityContext: {privileged: true}}] | spec.predictor.containers[0].securityContext.privileged",
            })
    void notEvenAnAdministratorAsksForMoreThanTheNamespaceAllows(String more, String field) {
        var said = webhook.kubectl("apply", service("greedy", more), "--dry-run=server");

        assertThat(said.ok()).isFalse();
        assertThat(said.err()).contains(field).contains("pod-security.kubernetes.io/enforce=");
    }

    @Test
    void aNamespacesLabelAllowsMore() {
        var label = "pod-security.kubernetes.io/enforce";
        var namespace = webhook.server.namespace();
        webhook.kubectl("label", "", "namespace", namespace, label + "=privileged");
        try {
            var said =
                    webhook.kubectl(
                            "apply", service("greedy", "hostNetwork: true"), "--dry-run=server");
            assertThat(said.ok()).as(said.err()).isTrue();
        } finally {
            webhook.kubectl("label", "", "namespace", namespace, label + "-");
        }
    }

    @Test
    void aTenantReachesNoSecretThroughAServiceThatTheyCannotReachWithoutIt() {
        var manifest = service("thief", SECRET);
        var refused = webhook.kubectl("apply", manifest, TENANT);
        assertThat(refused.ok()).isFalse();
        assertThat(refused.err())
                .contains("forbidden")
                .contains("spec.predictor.volumes[0].secret.secretName")
                .contains("ann may neither get secrets/token nor create pods");

        allow("token", "", "secrets", "get", "token");
        assertThat(webhook.kubectl("apply", manifest, TENANT, "--dry-run=server").ok()).isTrue();
        disallow("token");
        allow("pods", "", "pods", "create", "");
        assertThat(webhook.kubectl("apply", manifest, TENANT, "--dry-run=server").ok()).isTrue();
        disallow("pods");
        assertThat(webhook.kubectl("apply", manifest, TENANT, "--dry-run=server").ok()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "serviceAccountName: admin | impersonate serviceaccounts/admin",
                "imagePullSecrets: [{name: pull}] | get secrets/pull",
                "volumes: [{name: a, persistentVolumeClaim: {claimName: data}}] | get persistentvolumeclaims/data",
                "containers: [{name: a, image: 'b:1', envFrom: [{configMapRef: {name: c}}]}] | get configmaps/c",
            })
    void neitherAccountsNorClaimsNorConfigMaps(String more, String right) {
        var said = webhook.kubectl("apply", service("thief", more), TENANT, "--dry-run=server");

        assertThat(said.ok()).isFalse();
        assertThat(said.err()).contains("ann may neither " + right);
        assertThat(webhook.kubectl("apply", service("thief", more), "--dry-run=server").ok())
                .as("an administrator may")
                .isTrue();
    }

    @Test
    void anUpdateOfWhatAnAdministratorGaveIsTheTenants() {
        assertThat(webhook.kubectl("apply", service("given", SECRET)).ok()).isTrue();

        var kept = webhook.kubectl("apply", service("given", SECRET + ", minReplicas: 2"), TENANT);
        assertThat(kept.ok()).as(kept.err()).isTrue();
        assertThat(
                        webhook.kubectl(
                                        "apply",
                                        service(
                                                "given",
                                                SECRET + ", imagePullSecrets: [{name: b}]"),
                                        TENANT)
                                .ok())
                .isFalse();
        assertThat(webhook.kubectl("delete", "", "isvc", "given").ok()).isTrue();
    }

    @Test
    void aTenantsRuntimeIsJudgedToo() {
        var runtime =
                """
                apiVersion: serving.kserve.io/v1alpha1
                kind: ServingRuntime
                metadata: {name: mine}
                spec:
                  supportedModelFormats: [{name: sklearn}]
                  containers: [{name: kserve-container, image: 'a:1', envFrom: [{secretRef: {name: token}}]}]
                """;
        var said = webhook.kubectl("apply", runtime, TENANT, "--dry-run=server");

        assertThat(said.ok()).isFalse();
        assertThat(said.err()).contains("spec.containers[0].envFrom[0].secretRef.name");
    }
}
