package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A kind that a CustomResourceDefinition brings: ours, where a cluster has it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InferenceServicesContractTest {
    private static final String DEFINITION = "inferenceservices.serving.kserve.io";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private ApiUnderTest api;
    private CustomResourceDefinition definition;

    @BeforeAll
    void open() {
        api = ApiUnderTest.open().withOurKinds();
        definition =
                api.client()
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(DEFINITION)
                        .get();
    }

    @AfterAll
    void close() {
        api.close();
    }

    private Resource<GenericKubernetesResource> at(String name) {
        return services().inNamespace(api.namespace()).withName(name);
    }

    private MixedOperation<
                    GenericKubernetesResource,
                    GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            services() {
        return api.client()
                .genericKubernetesResources("serving.kserve.io/v1beta1", "InferenceService");
    }

    private String service(String name) {
        return """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata: {name: %s, namespace: %s}
        spec:
          predictor:
            minReplicas: 1
            model:
              modelFormat: {name: sklearn}
              storageUri: https://models.example/iris/model.joblib
        """
                .formatted(name, api.namespace());
    }

    private GenericKubernetesResource make(String name) {
        return (GenericKubernetesResource) api.client().resource(service(name)).create();
    }

    @Test
    void theDefinitionCanBeReadAndIsEstablished() {
        assertThat(definition.getSpec().getGroup()).isEqualTo("serving.kserve.io");
        assertThat(definition.getSpec().getNames().getShortNames()).contains("isvc");
        assertThat(definition.getStatus().getConditions())
                .anySatisfy(condition -> {
                    assertThat(condition.getType()).isEqualTo("Established");
                    assertThat(condition.getStatus()).isEqualTo("True");
                });
        assertThat(definition.getStatus().getStoredVersions()).contains("v1beta1");
    }

    @Test
    void anInferenceServiceIsMadeChangedAndDeleted() {
        var made = make("life");
        assertThat(made.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(made.<String>get("spec", "predictor", "model", "storageUri"))
                .isEqualTo("https://models.example/iris/model.joblib");

        var changed = at("life").patch(MERGE, "{\"spec\":{\"predictor\":{\"minReplicas\":2}}}");

        assertThat(changed.getMetadata().getGeneration()).isEqualTo(2);
        assertThat(changed.<Number>get("spec", "predictor", "minReplicas").intValue()).isEqualTo(2);
        assertThat(services().inNamespace(api.namespace()).list().getItems())
                .extracting(item -> item.getMetadata().getName())
                .contains("life");
        at("life").delete();
        ApiUnderTest.await("it is gone", () -> at("life").get() == null);
    }

    @Test
    void anUnknownStatusIsKeptWhereTheDefinitionSaysSo() {
        assumeTrue(statusIsOpen(), "this definition prunes the status");
        make("status");

        var next =
                at("status")
                        .subresource("status")
                        .patch(MERGE, "{\"status\":{\"ofTheFuture\":{\"deep\":[1,2]}}}");

        assertThat(next.<Object>get("status", "ofTheFuture"))
                .isEqualTo(Map.of("deep", List.of(1, 2)));
        assertThat(next.getMetadata().getGeneration()).isEqualTo(1);
        at("status").delete();
    }

    private boolean statusIsOpen() {
        var version =
                definition.getSpec().getVersions().stream()
                        .filter(v -> v.getName().equals("v1beta1"))
                        .findFirst()
                        .orElseThrow();
        var root = version.getSchema().getOpenAPIV3Schema();
        var status = root.getProperties().get("status");
        return status != null && Boolean.TRUE.equals(status.getXKubernetesPreserveUnknownFields());
    }

    @Test
    void theMainDoorLeavesTheStatus() {
        make("main-door");

        var next = at("main-door").patch(MERGE, "{\"status\":{\"url\":\"http://nobody.example\"}}");

        assertThat(Optional.ofNullable(next.<Object>get("status", "url")))
                .isNotEqualTo(Optional.of("http://nobody.example"));
        at("main-door").delete();
    }

    @Test
    void customKindsKnowNoStrategicPatch() {
        make("strategic");

        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () ->
                                at("strategic")
                                        .patch(
                                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                                "{\"spec\":{}}"));

        assertThat(refused.getCode()).isEqualTo(415);
        at("strategic").delete();
    }

    @Test
    void anUpdateOfACustomKindNamesItsVersion() {
        var made = make("unversioned");
        made.getMetadata().setResourceVersion(null);
        var body = api.client().getKubernetesSerialization().asJson(made);

        var answer =
                api.ask(
                        "PUT",
                        "/apis/serving.kserve.io/v1beta1/namespaces/%s/inferenceservices/unversioned"
                                .formatted(api.namespace()),
                        "application/json",
                        "",
                        body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().text("message").orElse(""))
                .contains("metadata.resourceVersion", "must be specified for an update");
        at("unversioned").delete();
    }

    @Test
    void applyingOwnsFieldsOfCustomKindsToo() {
        api.client().resource(service("applied")).fieldManager("one").serverSideApply();

        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () ->
                                api.client()
                                        .resource(
                                                service("applied")
                                                        .replace(
                                                                "minReplicas: 1", "minReplicas: 3"))
                                        .fieldManager("two")
                                        .serverSideApply());

        assertThat(refused.getCode()).isEqualTo(409);
        assertThat(refused.getStatus().getMessage())
                .contains("conflict with \"one\"", ".spec.predictor.minReplicas");
        at("applied").delete();
    }

    @Test
    void aWrongTypeIsRefusedByTheSchema() {
        var answer =
                api.ask(
                        "POST",
                        "/apis/serving.kserve.io/v1beta1/namespaces/%s/inferenceservices"
                                .formatted(api.namespace()),
                        "application/json",
                        "application/yaml",
                        service("wrong").replace("minReplicas: 1", "minReplicas: few"));

        assertThat(answer.status()).isIn(400, 422);
        assertThat(answer.json().text("message").orElse("")).contains("minReplicas");
    }
}
