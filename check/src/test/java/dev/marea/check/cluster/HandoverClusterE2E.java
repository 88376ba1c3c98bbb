package dev.marea.check.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.app.handover.Handover;
import dev.marea.check.contract.ApiUnderTest;
import dev.marea.kubernetes.client.KubeconfigCluster;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.Crds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A cluster with what KServe's own install leaves of itself; only its controller's image lacks. */
@EnabledIfSystemProperty(named = "marea.kubeconfig", matches = ".+")
class HandoverClusterE2E {
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String KIND =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/inferenceservices.serving.kserve.io";
    private static final String HOOKS =
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/";

    private final ApiUnderTest api = ApiUnderTest.open();
    private final List<String> said = new ArrayList<>();
    private KubeconfigCluster cluster;
    private Handover handover;

    @BeforeEach
    void kserveIsThere() throws Exception {
        cluster = KubeconfigCluster.open(api.kubeconfig());
        handover = new Handover(cluster, api.namespace(), said::add);
        for (var crd : Crds.all()) {
            apply("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + name(crd), crd);
        }
        patch(KIND, "metadata: {annotations: {meta.helm.sh/release-name: kserve-crd}}");
        apply(
                controller(),
                yaml(
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: kserve-controller-manager}
                        spec:
                          replicas: 2
                          selector: {matchLabels: {app: kserve}}
                          template:
                            metadata: {labels: {app: kserve}}
                            spec: {containers: [{name: manager, image: 'kserve:1'}]}
                        """));
        apply(
                HOOKS + hooks(),
                yaml(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingWebhookConfiguration
                        metadata: {name: %s, annotations: {cert-manager.io/inject-ca-from: kserve/serving-cert}}
                        webhooks:
                          - name: inferenceservice.kserve-webhook-server.validator
                            admissionReviewVersions: [v1]
                            sideEffects: None
                            failurePolicy: Ignore
                            clientConfig: {service: {name: kserve-webhook-server-service, namespace: %s}}
                            rules: [{apiGroups: [serving.kserve.io], apiVersions: [v1beta1], operations: [CREATE], resources: [inferenceservices]}]
                        """
                                .formatted(hooks(), api.namespace())));
    }

    @AfterEach
    void gone() {
        api.ask("DELETE", HOOKS + hooks(), "application/json", "", "");
        patch(
                KIND,
                "metadata: {annotations: {meta.helm.sh/release-name: null, meta.helm.sh/release-namespace: null}}");
        cluster.close();
        api.close();
    }

    @Test
    void whatKServeServesPassesToMareaAndBack() throws Exception {
        var before = webhooks();
        assertThat(handover.plan("marea", "marea-system")).hasSizeGreaterThan(4);
        assertThat(replicas()).isEqualTo(2);

        assertThat(handover.take("marea", "marea-system")).isTrue();
        assertThat(replicas()).isZero();
        assertThat(api.get(HOOKS + hooks()).status()).isEqualTo(404);
        assertThat(owner()).isEqualTo("marea");
        assertThat(said).anyMatch(s -> s.contains("put Deployment"));

        assertThat(handover.giveBack()).isTrue();
        assertThat(replicas()).isEqualTo(2);
        assertThat(webhooks()).isEqualTo(before);
        assertThat(owner()).isEqualTo("kserve-crd");
        assertThat(handover.giveBack()).isFalse();
    }

    /** Cut off in the middle, the second try must not take its own work for KServe's. */
    @Test
    void takingTwiceKeepsWhatWasThereFirst() throws Exception {
        assertThat(handover.take("marea", "marea-system")).isTrue();
        patch(controller(), "spec: {replicas: 1}");
        assertThat(handover.take("other", "elsewhere")).isTrue();
        assertThat(handover.giveBack()).isTrue();
        assertThat(api.get(HOOKS + hooks()).status()).isEqualTo(200);
        assertThat(owner()).isEqualTo("kserve-crd");
    }

    @Test
    void withoutKServeNothingIsTouched() throws Exception {
        var elsewhere = new Handover(cluster, "nobody-here", said::add);
        assertThat(elsewhere.plan("marea", "marea-system")).isEmpty();
        assertThat(elsewhere.take("marea", "marea-system")).isFalse();
        assertThat(said).isEmpty();
    }

    private String hooks() {
        return "inferenceservice." + api.namespace();
    }

    private String controller() {
        return "/apis/apps/v1/namespaces/%s/deployments/kserve-controller-manager"
                .formatted(api.namespace());
    }

    private long replicas() {
        return api.get(controller()).json().integer("spec", "replicas").orElse(-1);
    }

    private String owner() {
        return api.get(KIND)
                .json()
                .text("metadata", "annotations", "meta.helm.sh/release-name")
                .orElse("");
    }

    private String webhooks() {
        var found = api.get(HOOKS + hooks()).json();
        return found.list("webhooks") + " " + found.object("metadata", "annotations");
    }

    private static String name(Json object) {
        return object.text("metadata", "name").orElseThrow();
    }

    private static Json.Obj yaml(String text) throws IOException {
        return (Json.Obj) Yaml.read(text).getFirst();
    }

    private void apply(String path, Json.Obj tree) {
        var text = new String(JsonWriter.bytes(tree), StandardCharsets.UTF_8);
        expect(
                api.ask(
                        "PATCH",
                        path + "?fieldManager=kserve&force=true",
                        "application/json",
                        APPLY,
                        text));
    }

    private void patch(String path, String yaml) {
        try {
            var text = new String(JsonWriter.bytes(yaml(yaml)), StandardCharsets.UTF_8);
            expect(
                    api.ask(
                            "PATCH",
                            path,
                            "application/json",
                            "application/merge-patch+json",
                            text));
        } catch (IOException notYaml) {
            throw new AssertionError(notYaml);
        }
    }

    private static void expect(ApiUnderTest.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
    }
}
