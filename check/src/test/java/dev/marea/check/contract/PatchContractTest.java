package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Four ways to change a part of an object, and who then owns it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PatchContractTest {
    private static final String JSON = "application/json";
    private static final String MERGE_TYPE = "application/merge-patch+json";
    private static final String APPLY_TYPE = "application/apply-patch+yaml";
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

    private ConfigMap patch(String name, PatchType type, String patch) {
        return at(name).patch(PatchContext.of(type), patch);
    }

    private ConfigMap apply(String manager, String name, Map<String, String> data) {
        return api.client()
                .resource(api.map(name, Map.of(), data))
                .fieldManager(manager)
                .serverSideApply();
    }

    @Test
    void aMergePatchSetsAndRemoves() {
        api.make("merge", Map.of(), Map.of("a", "1", "b", "1"));

        var next = patch("merge", PatchType.JSON_MERGE, "{\"data\":{\"a\":null,\"c\":\"3\"}}");

        assertThat(next.getData()).containsExactlyInAnyOrderEntriesOf(Map.of("b", "1", "c", "3"));
    }

    @Test
    void aJsonPatchIsMadeWholeOrNotAtAll() {
        api.make("steps", Map.of(), Map.of("a", "1"));

        var next =
                patch(
                        "steps",
                        PatchType.JSON,
                        "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"1\"},"
                                + "{\"op\":\"move\",\"from\":\"/data/a\",\"path\":\"/data/b\"},"
                                + "{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"x\":\"y\"}}]");
        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () ->
                                patch(
                                        "steps",
                                        PatchType.JSON,
                                        "[{\"op\":\"add\",\"path\":\"/data/c\",\"value\":\"1\"},"
                                                + "{\"op\":\"test\",\"path\":\"/data/b\",\"value\":\"2\"}]"));

        assertThat(next.getData()).containsExactly(Map.entry("b", "1"));
        assertThat(next.getMetadata().getLabels()).containsEntry("x", "y");
        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(at("steps").get().getData()).containsExactly(Map.entry("b", "1"));
    }

    @Test
    void aPatchMayNameTheVersionThatItMeans() {
        api.make("version", Map.of(), Map.of("a", "1"));

        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () ->
                                patch(
                                        "version",
                                        PatchType.JSON_MERGE,
                                        "{\"metadata\":{\"resourceVersion\":\"1\"},\"data\":{\"a\":\"2\"}}"));

        assertThat(refused.getCode()).isEqualTo(409);
        assertThat(at("version").get().getData()).containsEntry("a", "1");
    }

    @Test
    void aStrategicPatchMergesListsByTheirKey() {
        var web = Deployments.paused(api, "strategic");
        api.client().resource(web).create();

        var next =
                api.client()
                        .apps()
                        .deployments()
                        .inNamespace(api.namespace())
                        .withName("strategic")
                        .patch(
                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                """
                                {"spec":{"template":{"spec":{"containers":[
                                 {"name":"web","env":[{"name":"MORE","value":"x"}]},
                                 {"name":"side","image":"test/side:1"}]}}}}\
                                """);

        var containers = next.getSpec().getTemplate().getSpec().getContainers();
        assertThat(containers)
                .extracting(io.fabric8.kubernetes.api.model.Container::getName)
                .containsExactlyInAnyOrder("web", "side");
        var first = containers.stream().filter(c -> c.getName().equals("web")).findFirst();
        assertThat(first.orElseThrow().getImage()).isEqualTo("test/web:1");
        assertThat(first.orElseThrow().getEnv())
                .extracting(io.fabric8.kubernetes.api.model.EnvVar::getName)
                .containsExactlyInAnyOrder("GREETING", "MORE");
    }

    @Test
    void aStrategicPatchDeletesByDirective() {
        var web = Deployments.paused(api, "directive");
        api.client().resource(web).create();

        var next =
                api.client()
                        .apps()
                        .deployments()
                        .inNamespace(api.namespace())
                        .withName("directive")
                        .patch(
                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                """
                                {"spec":{"template":{"spec":{"containers":[
                                 {"name":"web","env":[{"name":"GREETING","$patch":"delete"}]}]}}}}\
                                """);

        assertThat(next.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
                .isEmpty();
    }

    @Test
    void anUnknownKindOfPatchIsRefused() {
        api.make("unknown", Map.of(), Map.of());

        var answer =
                api.ask(
                        "PATCH",
                        api.mapsPath() + "/unknown",
                        "application/json",
                        "application/json",
                        "{}");

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json().text("reason")).contains("UnsupportedMediaType");
    }

    @Test
    void applyingCreatesOwnsAndRemovesWhatIsNoLongerApplied() {
        var made = apply("one", "owned", Map.of("a", "1", "b", "1"));
        patch("owned", PatchType.JSON_MERGE, "{\"data\":{\"other\":\"x\"}}");

        var next = apply("one", "owned", Map.of("a", "2"));

        assertThat(made.getMetadata().getManagedFields())
                .anySatisfy(entry -> {
                    assertThat(entry.getManager()).isEqualTo("one");
                    assertThat(entry.getOperation()).isEqualTo("Apply");
                    assertThat(entry.getFieldsType()).isEqualTo("FieldsV1");
                });
        assertThat(next.getData())
                .containsExactlyInAnyOrderEntriesOf(Map.of("a", "2", "other", "x"));
    }

    @Test
    void applyingTheSameAgainChangesNothing() {
        var made = apply("one", "again", Map.of("a", "1"));

        var next = apply("one", "again", Map.of("a", "1"));

        assertThat(next.getMetadata().getResourceVersion())
                .isEqualTo(made.getMetadata().getResourceVersion());
    }

    @Test
    void twoWhoApplyDifferentValuesAreInConflictUntilOneForces() {
        apply("one", "both", Map.of("a", "1", "b", "1"));

        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () -> apply("two", "both", Map.of("a", "2")));

        assertThat(refused.getCode()).isEqualTo(409);
        assertThat(refused.getStatus().getReason()).isEqualTo("Conflict");
        assertThat(refused.getStatus().getMessage())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .data.a");
        var cause = refused.getStatus().getDetails().getCauses().getFirst();
        assertThat(cause.getReason()).isEqualTo("FieldManagerConflict");
        assertThat(cause.getField()).isEqualTo(".data.a");

        var forced =
                api.client()
                        .resource(api.map("both", Map.of(), Map.of("a", "2")))
                        .fieldManager("two")
                        .forceConflicts()
                        .serverSideApply();

        assertThat(forced.getData()).containsExactlyInAnyOrderEntriesOf(Map.of("a", "2", "b", "1"));
        assertThat(forced.getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .contains("one", "two");

        var left = apply("one", "both", Map.of("b", "1"));
        assertThat(left.getData()).containsEntry("a", "2");
    }

    @Test
    void twoWhoApplyTheSameValueShareIt() {
        apply("one", "shared", Map.of("a", "1"));
        apply("two", "shared", Map.of("a", "1"));

        assertThat(apply("one", "shared", Map.of()).getData()).containsEntry("a", "1");
        var last = apply("two", "shared", Map.of()).getData();

        assertThat(last == null || last.isEmpty()).isTrue();
    }

    @Test
    void anApplyNeedsAManager() {
        var answer =
                api.ask(
                        "PATCH",
                        api.mapsPath() + "/nameless",
                        "application/json",
                        "application/apply-patch+yaml",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"nameless\"}}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().text("message").orElse("")).contains("fieldManager");
    }

    @Test
    void anApplyThatNamesAnOldVersionIsRefused() {
        var made = api.make("versioned", Map.of(), Map.of("a", "1"));
        var old = made.getMetadata().getResourceVersion();
        var path = api.mapsPath() + "/versioned";
        api.ask("PATCH", path, JSON, MERGE_TYPE, "{\"data\": {\"a\": \"2\"}}");
        var apply =
                """
                {"apiVersion": "v1", "kind": "ConfigMap", "data": {"b": "1"},
                 "metadata": {"name": "versioned", "resourceVersion": "%s"}}
                """
                        .formatted(old);
        var answer = api.ask("PATCH", path + "?fieldManager=it", JSON, APPLY_TYPE, apply);
        assertThat(answer.status()).isEqualTo(409);
    }
}
