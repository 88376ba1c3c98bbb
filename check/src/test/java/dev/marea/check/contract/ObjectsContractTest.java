package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of one object, and how it refuses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ObjectsContractTest {
    private ApiUnderTest api;

    @BeforeAll
    void open() {
        api = ApiUnderTest.open();
    }

    @AfterAll
    void close() {
        api.close();
    }

    private Resource<ConfigMap> at(String name) {
        return api.client().configMaps().inNamespace(api.namespace()).withName(name);
    }

    private static KubernetesClientException refused(ThrowingCallable call) {
        var refused = catchThrowableOfType(KubernetesClientException.class, call);
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus()).isNotNull();
        assertThat(refused.getStatus().getStatus()).isEqualTo("Failure");
        return refused;
    }

    @Test
    void whatIsCreatedCanBeReadChangedAndDeleted() {
        var made = api.make("life", Map.of("a", "1"), Map.of("k", "v"));

        assertThat(made.getMetadata().getUid()).isNotEmpty();
        assertThat(made.getMetadata().getCreationTimestamp()).isNotEmpty();
        assertThat(made.getMetadata().getResourceVersion()).isNotEmpty();
        assertThat(at("life").get()).isEqualTo(made);

        var changed = at("life").edit(m -> new ConfigMapBuilder(m).addToData("l", "w").build());

        assertThat(changed.getData()).containsEntry("k", "v").containsEntry("l", "w");
        assertThat(changed.getMetadata().getUid()).isEqualTo(made.getMetadata().getUid());
        assertThat(changed.getMetadata().getResourceVersion())
                .isNotEqualTo(made.getMetadata().getResourceVersion());

        at("life").delete();

        assertThat(at("life").get()).isNull();
    }

    @Test
    void aWriteThatChangesNothingKeepsTheVersion() {
        var made = api.make("same", Map.of(), Map.of("k", "v"));

        var written = api.client().resource(made).update();

        assertThat(written.getMetadata().getResourceVersion())
                .isEqualTo(made.getMetadata().getResourceVersion());
    }

    @Test
    void aStaleWriteIsAConflict() {
        var made = api.make("stale", Map.of(), Map.of("k", "1"));
        at("stale").edit(m -> new ConfigMapBuilder(m).addToData("k", "2").build());

        var refused =
                refused(() ->
                        api.client()
                                .resource(new ConfigMapBuilder(made).addToData("k", "3").build())
                                .lockResourceVersion()
                                .update());

        assertThat(refused.getCode()).isEqualTo(409);
        assertThat(refused.getStatus().getReason()).isEqualTo("Conflict");
        assertThat(refused.getStatus().getMessage())
                .isEqualTo(
                        "Operation cannot be fulfilled on configmaps \"stale\": the object has been"
                                + " modified; please apply your changes to the latest version and try"
                                + " again");
        assertThat(at("stale").get().getData()).containsEntry("k", "2");
    }

    @Test
    void aSecondOfTheSameNameIsRefused() {
        api.make("twin", Map.of(), Map.of());

        var refused = refused(() -> api.make("twin", Map.of(), Map.of()));

        assertThat(refused.getCode()).isEqualTo(409);
        assertThat(refused.getStatus().getReason()).isEqualTo("AlreadyExists");
        assertThat(refused.getStatus().getMessage())
                .isEqualTo("configmaps \"twin\" already exists");
        assertThat(refused.getStatus().getDetails().getName()).isEqualTo("twin");
        assertThat(refused.getStatus().getDetails().getKind()).isEqualTo("configmaps");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        var answer = api.get(api.deploymentsPath() + "/nope").json();

        assertThat(answer.text("kind")).contains("Status");
        assertThat(answer.text("apiVersion")).contains("v1");
        assertThat(answer.text("status")).contains("Failure");
        assertThat(answer.text("reason")).contains("NotFound");
        assertThat(answer.integer("code")).hasValue(404);
        assertThat(answer.text("message")).contains("deployments.apps \"nope\" not found");
        assertThat(answer.text("details", "name")).contains("nope");
        assertThat(answer.text("details", "group")).contains("apps");
        assertThat(answer.text("details", "kind")).contains("deployments");
        assertThat(api.get("/apis/nobody.example/v1/things").status()).isEqualTo(404);
        var put =
                api.ask(
                        "PUT",
                        api.mapsPath() + "/nope",
                        "application/json",
                        "",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"nope\"}}");
        assertThat(put.status()).isEqualTo(404);
    }

    @Test
    void namesAreMadeUpFromAPrefix() {
        var prefixed =
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withGenerateName("made-")
                        .withNamespace(api.namespace())
                        .endMetadata()
                        .build();

        var one = api.client().resource(prefixed).create().getMetadata();
        var two = api.client().resource(prefixed).create().getMetadata();

        assertThat(one.getName()).matches("made-[a-z0-9]{5}").isNotEqualTo(two.getName());
        assertThat(one.getGenerateName()).isEqualTo("made-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upper", "under_score", "-dash", "dot."})
    void badNamesAreRefusedWithTheirField(String name) {
        var refused = refused(() -> api.make(name, Map.of(), Map.of()));

        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getStatus().getReason()).isEqualTo("Invalid");
        assertThat(refused.getStatus().getDetails().getCauses())
                .anySatisfy(cause -> {
                    assertThat(cause.getField()).isEqualTo("metadata.name");
                    assertThat(cause.getReason()).isEqualTo("FieldValueInvalid");
                    assertThat(cause.getMessage()).contains("RFC 1123 subdomain");
                });
    }

    @Test
    void badLabelsAreRefused() {
        var refused = refused(() -> api.make("labels", Map.of("a b", "1"), Map.of()));

        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getStatus().getMessage()).contains("metadata.labels");
    }

    @Test
    void aBodyThatCannotBeReadIsABadRequest() {
        var broken = api.ask("POST", api.mapsPath(), "application/json", "", "{\"kind\":");
        var other =
                api.ask(
                        "POST",
                        api.mapsPath(),
                        "application/json",
                        "",
                        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"x\"}}");
        var elsewhere =
                api.ask(
                        "POST",
                        api.mapsPath(),
                        "application/json",
                        "",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\",\"namespace\":\"other\"}}");

        for (var answer : List.of(broken, other, elsewhere)) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().text("reason")).contains("BadRequest");
        }
        var item = api.ask("POST", api.mapsPath() + "/x", "application/json", "", "{}");
        assertThat(item.status()).isEqualTo(405);
        assertThat(item.json().text("reason")).contains("MethodNotAllowed");
    }

    @Test
    void finalizersHoldAMarkedObject() {
        api.client()
                .resource(
                        new ConfigMapBuilder(api.map("held", Map.of(), Map.of("k", "v")))
                                .editMetadata()
                                .withFinalizers("test.example/hold")
                                .endMetadata()
                                .build())
                .create();

        at("held").delete();

        var marked = at("held").get().getMetadata();
        assertThat(marked.getDeletionTimestamp()).isNotEmpty();
        assertThat(marked.getDeletionGracePeriodSeconds()).isZero();
        var late =
                refused(() ->
                        at("held")
                                .edit(m ->
                                        new ConfigMapBuilder(m)
                                                .editMetadata()
                                                .addToFinalizers("test.example/two")
                                                .endMetadata()
                                                .build()));
        assertThat(late.getCode()).isEqualTo(422);
        assertThat(late.getStatus().getMessage()).contains("metadata.finalizers");

        at("held")
                .edit(m ->
                        new ConfigMapBuilder(m)
                                .editMetadata()
                                .withFinalizers()
                                .endMetadata()
                                .build());

        assertThat(at("held").get()).isNull();
    }

    @Test
    void aDeletionMayNameTheObjectThatItMeans() {
        var made = api.make("meant", Map.of(), Map.of());
        var options =
                "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"preconditions\":{\"%s\":\"%s\"}}";
        var path = api.mapsPath() + "/meant";

        var otherUid =
                api.ask("DELETE", path, "application/json", "", options.formatted("uid", "other"));
        var otherVersion =
                api.ask(
                        "DELETE",
                        path,
                        "application/json",
                        "",
                        options.formatted("resourceVersion", "1"));

        assertThat(otherUid.status()).isEqualTo(409);
        assertThat(otherUid.json().text("reason")).contains("Conflict");
        assertThat(otherVersion.status()).isEqualTo(409);
        assertThat(at("meant").get()).isNotNull();
        var right =
                api.ask(
                        "DELETE",
                        path,
                        "application/json",
                        "",
                        options.formatted("uid", made.getMetadata().getUid()));
        assertThat(right.status()).isEqualTo(200);
        assertThat(right.json().text("status")).contains("Success");
        assertThat(right.json().text("details", "uid")).contains(made.getMetadata().getUid());
    }

    @Test
    void anUpdateOfAnotherUidIsAConflict() {
        var made = api.make("successor", Map.of(), Map.of());
        var other =
                new ConfigMapBuilder(made)
                        .editMetadata()
                        .withUid("00000000-0000-0000-0000-000000000000")
                        .withResourceVersion(null)
                        .endMetadata()
                        .build();

        assertThatThrownBy(() -> api.client().resource(other).update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(409));
    }

    @Test
    void optionsInTheBodyOfADeletionAreAllOfThem() {
        api.make("gone", Map.of(), Map.of("k", "v"));
        var deleted =
                api.ask(
                        "DELETE",
                        api.mapsPath() + "/gone?dryRun=All",
                        "application/json",
                        "application/json",
                        "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\"}");

        assertThat(deleted.status()).isEqualTo(200);
        assertThat(at("gone").get()).isNull();
    }

    @Test
    void aDryRunAnswersAndChangesNothing() {
        var made = api.make("dry", Map.of(), Map.of("k", "v"));

        var created = api.client().resource(api.map("never", Map.of(), Map.of())).dryRun().create();
        var patched =
                api.ask(
                        "PATCH",
                        api.mapsPath() + "/dry?dryRun=All",
                        "application/json",
                        "application/merge-patch+json",
                        "{\"data\":{\"k\":\"w\"}}");
        var deleted =
                api.ask(
                        "DELETE",
                        api.mapsPath() + "/dry",
                        "application/json",
                        "application/json",
                        "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"dryRun\":[\"All\"]}");

        assertThat(created.getMetadata().getUid()).isNotEmpty();
        assertThat(at("never").get()).isNull();
        assertThat(patched.json().text("data", "k")).contains("w");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(at("dry").get()).isEqualTo(made);
        assertThat(
                        api.ask(
                                        "POST",
                                        api.mapsPath() + "?dryRun=Some",
                                        "application/json",
                                        "",
                                        "{}")
                                .status())
                .isIn(400, 422);
    }
}
