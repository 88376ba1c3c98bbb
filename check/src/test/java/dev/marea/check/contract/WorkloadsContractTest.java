package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Spec, status and scale of one object are three things. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkloadsContractTest {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private ApiUnderTest api;

    @BeforeAll
    void open() {
        api = ApiUnderTest.open();
    }

    @AfterAll
    void close() {
        api.close();
    }

    private Deployment make(String name) {
        return api.client().resource(Deployments.paused(api, name)).create();
    }

    private RollableScalableResource<Deployment> at(String name) {
        return api.client().apps().deployments().inNamespace(api.namespace()).withName(name);
    }

    @Test
    void theGenerationCountsChangesOfTheSpecOnly() {
        assertThat(make("counted").getMetadata().getGeneration()).isEqualTo(1);

        var labelled = at("counted").patch(MERGE, "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}");
        var status = at("counted").subresource("status").patch(MERGE, "{\"status\":{}}");
        var resized = at("counted").patch(MERGE, "{\"spec\":{\"replicas\":2}}");

        assertThat(labelled.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(status.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(resized.getMetadata().getGeneration()).isEqualTo(2);
        ApiUnderTest.await(
                "the controller has seen generation 2",
                () -> {
                    var seen = at("counted").get().getStatus();
                    return seen != null
                            && seen.getObservedGeneration() != null
                            && seen.getObservedGeneration() == 2;
                });
    }

    @Test
    void aNewObjectTakesDefaultsAndNoStatus() {
        var given =
                new DeploymentBuilder(Deployments.paused(api, "defaults"))
                        .editSpec()
                        .withReplicas(null)
                        .endSpec()
                        .withNewStatus()
                        .withReplicas(7)
                        .endStatus()
                        .build();

        // asked for as a dry run, because a paused Deployment would be scaled all the same later
        var made = api.client().resource(given).dryRun().create();

        assertThat(made.getSpec().getReplicas()).isEqualTo(1);
        assertThat(made.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
        assertThat(made.getSpec().getRevisionHistoryLimit()).isEqualTo(10);
        var pod = made.getSpec().getTemplate().getSpec();
        assertThat(pod.getRestartPolicy()).isEqualTo("Always");
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(30);
        assertThat(pod.getContainers().getFirst().getImagePullPolicy()).isEqualTo("IfNotPresent");
        assertThat(made.getStatus().getReplicas()).isNull();
    }

    @Test
    void theMainDoorLeavesTheStatusAndTheStatusDoorLeavesTheRest() {
        make("doors");

        var main = at("doors").patch(MERGE, "{\"status\":{\"readyReplicas\":9}}");
        var status =
                at("doors")
                        .subresource("status")
                        .patch(
                                MERGE,
                                "{\"spec\":{\"replicas\":5},\"metadata\":{\"labels\":{\"no\":\"no\"}},"
                                        + "\"status\":{\"conditions\":[{\"type\":\"Tested\",\"status\":\"True\",\"reason\":\"Test\",\"message\":\"\"}]}}");

        assertThat(main.getStatus().getReadyReplicas()).isNotEqualTo(Integer.valueOf(9));
        assertThat(status.getSpec().getReplicas()).isZero();
        assertThat(
                        status.getMetadata().getLabels() == null
                                || !status.getMetadata().getLabels().containsKey("no"))
                .isTrue();
        assertThat(status.getStatus().getConditions())
                .anySatisfy(condition -> assertThat(condition.getType()).isEqualTo("Tested"));
    }

    @Test
    void theScaleIsReadAndWrittenByItself() {
        make("scaled");

        var scale = at("scaled").scale();

        assertThat(scale.getSpec().getReplicas() == null || scale.getSpec().getReplicas() == 0)
                .isTrue();
        assertThat(scale.getStatus().getSelector()).isEqualTo("app=scaled");
        assertThat(scale.getMetadata().getName()).isEqualTo("scaled");

        scale.getSpec().setReplicas(3);
        scale.getMetadata().setResourceVersion(null); // the controller may have been at it since
        at("scaled").scale(scale);
        var patched =
                api.ask(
                        "PATCH",
                        api.deploymentsPath() + "/scaled/scale",
                        "application/json",
                        "application/merge-patch+json",
                        "{\"spec\":{\"replicas\":4}}");

        assertThat(patched.json().text("kind")).contains("Scale");
        assertThat(patched.json().text("apiVersion")).contains("autoscaling/v1");
        assertThat(patched.json().integer("spec", "replicas")).hasValue(4);
        assertThat(at("scaled").get().getSpec().getReplicas()).isEqualTo(4);
        assertThat(at("scaled").get().getMetadata().getGeneration()).isEqualTo(3);
        var negative =
                api.ask(
                        "PATCH",
                        api.deploymentsPath() + "/scaled/scale",
                        "application/json",
                        "application/merge-patch+json",
                        "{\"spec\":{\"replicas\":-1}}");
        assertThat(negative.status()).isEqualTo(422);
        at("scaled").delete();
    }

    @Test
    void aStaleScaleIsAConflict() {
        make("stale-scale");
        var scale = at("stale-scale").scale();
        at("stale-scale").patch(MERGE, "{\"metadata\":{\"labels\":{\"moved\":\"yes\"}}}");
        scale.getSpec().setReplicas(1);

        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class, () -> at("stale-scale").scale(scale));

        assertThat(refused.getCode()).isEqualTo(409);
    }

    @Test
    void theSelectorStays() {
        make("selector");

        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () ->
                                at("selector")
                                        .patch(
                                                MERGE,
                                                "{\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"other\"}},"
                                                        + "\"template\":{\"metadata\":{\"labels\":{\"app\":\"other\"}}}}}"));

        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getStatus().getMessage())
                .contains("spec.selector", "field is immutable");
        assertThat(refused.getStatus().getDetails().getKind()).isEqualTo("Deployment");
        assertThat(refused.getStatus().getDetails().getGroup()).isEqualTo("apps");
    }

    @Test
    void theSelectorFitsTheTemplate() {
        var unfit =
                new DeploymentBuilder(Deployments.paused(api, "unfit"))
                        .editSpec()
                        .editTemplate()
                        .editMetadata()
                        .withLabels(Map.of("app", "someone-else"))
                        .endMetadata()
                        .endTemplate()
                        .endSpec()
                        .build();

        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () -> api.client().resource(unfit).create());

        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getStatus().getMessage())
                .contains("spec.template.metadata.labels", "`selector` does not match template");
    }

    @Test
    void strictValidationRefusesUnknownAndDoubleFieldsByName() {
        var unknown =
                api.ask(
                        "PATCH",
                        api.deploymentsPath() + "/strict?fieldManager=t&fieldValidation=Strict",
                        "application/json",
                        "application/apply-patch+yaml",
                        deployment("strict", "\"replicsa\":1,"));
        var other =
                api.ask(
                        "POST",
                        api.deploymentsPath() + "?fieldValidation=Strict",
                        "application/json",
                        "",
                        deployment("strict", "\"unheard\":1,"));
        var twice =
                api.ask(
                        "POST",
                        api.deploymentsPath() + "?fieldValidation=Strict",
                        "application/json",
                        "",
                        deployment("strict", "\"paused\":false,"));

        assertThat(unknown.status()).isIn(400, 500);
        assertThat(unknown.json().text("message").orElse("")).contains("replicsa");
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.json().text("reason")).contains("BadRequest");
        assertThat(other.json().text("message").orElse(""))
                .contains("strict decoding error", "unknown field \"spec.unheard\"");
        assertThat(twice.status()).isEqualTo(400);
        assertThat(twice.json().text("message").orElse("")).contains("paused");
    }

    @Test
    void warnValidationKeepsTheRestAndWarns() {
        var warned =
                api.ask(
                        "POST",
                        api.deploymentsPath() + "?fieldValidation=Warn",
                        "application/json",
                        "",
                        deployment("warned", "\"unheard\":1,"));
        var ignored =
                api.ask(
                        "POST",
                        api.deploymentsPath() + "?fieldValidation=Ignore",
                        "application/json",
                        "",
                        deployment("ignored", "\"unheard\":1,"));

        assertThat(warned.status()).isEqualTo(201);
        assertThat(warned.header("warning"))
                .startsWith("299 ")
                .contains("unknown field \\\"spec.unheard\\\"");
        assertThat(warned.json().at("spec", "unheard")).isEmpty();
        assertThat(ignored.status()).isEqualTo(201);
        assertThat(ignored.header("warning")).isEmpty();
    }

    @Test
    void clientsAskForStrictnessByTheirTypedWay() {
        var made =
                api.client()
                        .resource(Deployments.paused(api, "typed"))
                        .fieldValidation(Validation.STRICT)
                        .create();

        assertThat(made.getMetadata().getUid()).isNotEmpty();
    }

    @Test
    void aWrongTypeIsRefused() {
        var answer =
                api.ask(
                        "POST",
                        api.deploymentsPath(),
                        "application/json",
                        "",
                        deployment("wrong", "\"minReadySeconds\":\"many\","));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().text("message").orElse("")).contains("minReadySeconds");
    }

    private static String deployment(String name, String more) {
        return """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%s"},
         "spec":{%s"paused":true,"replicas":0,"selector":{"matchLabels":{"app":"x"}},
          "template":{"metadata":{"labels":{"app":"x"}},
           "spec":{"containers":[{"name":"c","image":"test/web:1"}]}}}}\
        """
                .formatted(name, more);
    }
}
