package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What goes when something else goes: dependents, collections, whole namespaces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeletionsContractTest {
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

    private void makeOwned(String name, ConfigMap owner, String... finalizers) {
        api.client()
                .resource(
                        new ConfigMapBuilder(api.map(name, Map.of(), Map.of()))
                                .editMetadata()
                                .withFinalizers(finalizers)
                                .addNewOwnerReference()
                                .withApiVersion("v1")
                                .withKind("ConfigMap")
                                .withName(owner.getMetadata().getName())
                                .withUid(owner.getMetadata().getUid())
                                .withBlockOwnerDeletion(true)
                                .endOwnerReference()
                                .endMetadata()
                                .build())
                .create();
    }

    private void release(String name) {
        at(name).edit(map ->
                new ConfigMapBuilder(map).editMetadata().withFinalizers().endMetadata().build());
    }

    @Test
    void inTheBackgroundDependentsFollowTheirOwner() {
        var owner = api.make("background", Map.of(), Map.of());
        makeOwned("background-child", owner, "test.example/hold");

        at("background").withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();

        assertThat(at("background").get()).isNull();
        ApiUnderTest.await(
                "the dependent is marked",
                () -> at("background-child").get().getMetadata().getDeletionTimestamp() != null);
        release("background-child");
        ApiUnderTest.await("the dependent is gone", () -> at("background-child").get() == null);
    }

    @Test
    void inTheForegroundTheOwnerWaitsForItsDependents() {
        var owner = api.make("foreground", Map.of(), Map.of());
        makeOwned("foreground-child", owner, "test.example/hold");

        at("foreground").withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();

        ApiUnderTest.await(
                "the dependent is marked",
                () -> at("foreground-child").get().getMetadata().getDeletionTimestamp() != null);
        assertThat(at("foreground").get().getMetadata().getFinalizers())
                .containsExactly("foregroundDeletion");
        assertThat(at("foreground").get().getMetadata().getDeletionTimestamp()).isNotEmpty();
        release("foreground-child");
        ApiUnderTest.await("the owner is gone", () -> at("foreground").get() == null);
        assertThat(at("foreground-child").get()).isNull();
    }

    @Test
    void orphansStayWithoutTheirOwner() {
        var owner = api.make("orphan", Map.of(), Map.of());
        makeOwned("orphan-child", owner);

        at("orphan").withPropagationPolicy(DeletionPropagation.ORPHAN).delete();

        ApiUnderTest.await("the owner is gone", () -> at("orphan").get() == null);
        var child = at("orphan-child").get();
        assertThat(child.getMetadata().getDeletionTimestamp()).isNull();
        assertThat(child.getMetadata().getOwnerReferences()).isEmpty();
    }

    @Test
    void aDependentOfTwoOwnersStaysForTheSecond() {
        var one = api.make("owner-1", Map.of(), Map.of());
        var two = api.make("owner-2", Map.of(), Map.of());
        makeOwned("of-two", one);
        at("of-two")
                .edit(map ->
                        new ConfigMapBuilder(map)
                                .editMetadata()
                                .addNewOwnerReference()
                                .withApiVersion("v1")
                                .withKind("ConfigMap")
                                .withName("owner-2")
                                .withUid(two.getMetadata().getUid())
                                .endOwnerReference()
                                .endMetadata()
                                .build());

        at("owner-1").delete();
        ApiUnderTest.await(
                "the reference to the first owner is gone",
                () -> at("of-two").get().getMetadata().getOwnerReferences().size() == 1);
        at("owner-2").delete();

        ApiUnderTest.await("the dependent is gone", () -> at("of-two").get() == null);
    }

    @Test
    void aDependentOfAnOwnerThatNeverWasIsCollected() {
        var owner = api.make("never", Map.of(), Map.of());
        at("never").delete();

        makeOwned("late-child", owner);

        ApiUnderTest.await("the dependent is gone", () -> at("late-child").get() == null);
    }

    @Test
    void aCollectionIsDeletedByItsSelector() {
        api.make("many-1", Map.of("many", "yes"), Map.of());
        api.make("many-2", Map.of("many", "yes"), Map.of());
        api.make("few", Map.of("many", "no"), Map.of());

        var answer =
                api.ask(
                        "DELETE",
                        api.mapsPath() + "?labelSelector=many%3Dyes",
                        "application/json",
                        "",
                        "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(at("many-1").get()).isNull();
        assertThat(at("many-2").get()).isNull();
        assertThat(at("few").get()).isNotNull();
    }

    @Test
    void aNamespaceGoesWithAllThatIsInIt() {
        var name = api.makeNamespace();
        Resource<Namespace> namespace = api.client().namespaces().withName(name);
        assertThat(namespace.get().getStatus().getPhase()).isEqualTo("Active");
        assertThat(namespace.get().getSpec().getFinalizers()).containsExactly("kubernetes");
        assertThat(namespace.get().getMetadata().getLabels())
                .containsEntry("kubernetes.io/metadata.name", name);
        var held =
                new ConfigMapBuilder(api.map("held", Map.of(), Map.of()))
                        .editMetadata()
                        .withNamespace(name)
                        .withFinalizers("test.example/hold")
                        .endMetadata()
                        .build();
        api.client().resource(held).create();

        namespace.delete();

        assertThat(namespace.get().getStatus().getPhase()).isEqualTo("Terminating");
        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () ->
                                api.client()
                                        .resource(
                                                new ConfigMapBuilder(held)
                                                        .editMetadata()
                                                        .withName("late")
                                                        .endMetadata()
                                                        .build())
                                        .create());
        assertThat(refused.getCode()).isEqualTo(403);
        assertThat(refused.getStatus().getMessage()).contains("because it is being terminated");
        assertThat(refused.getStatus().getDetails().getCauses().getFirst().getReason())
                .isEqualTo("NamespaceTerminating");
        var maps = api.client().configMaps().inNamespace(name);
        ApiUnderTest.await(
                "the contents are marked",
                () -> maps.withName("held").get().getMetadata().getDeletionTimestamp() != null);
        maps.withName("held")
                .edit(map ->
                        new ConfigMapBuilder(map)
                                .editMetadata()
                                .withFinalizers()
                                .endMetadata()
                                .build());
        ApiUnderTest.await("the namespace is gone", () -> namespace.get() == null);
    }

    @Test
    void nothingIsMadeInANamespaceThatIsNotThere() {
        var elsewhere =
                new ConfigMapBuilder(api.map("x", Map.of(), Map.of()))
                        .editMetadata()
                        .withNamespace("marea-contract-nowhere")
                        .endMetadata()
                        .build();

        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () -> api.client().resource(elsewhere).create());

        assertThat(refused.getCode()).isEqualTo(404);
        assertThat(refused.getStatus().getMessage())
                .isEqualTo("namespaces \"marea-contract-nowhere\" not found");
    }
}
