package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.APIResource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How clients learn what is served. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DiscoveryContractTest {
    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private ApiUnderTest api;

    @BeforeAll
    void open() {
        api = ApiUnderTest.open();
    }

    @AfterAll
    void close() {
        api.close();
    }

    @Test
    void theServerSaysItsVersionAndThatItIsReady() {
        assertThat(api.client().getKubernetesVersion().getMajor()).isEqualTo("1");
        assertThat(api.client().getKubernetesVersion().getGitVersion()).startsWith("v1.");
        assertThat(api.get("/readyz").text()).isEqualTo("ok");
    }

    @Test
    void groupsAndTheirResourcesAreListed() {
        assertThat(api.client().getApiGroups().getGroups())
                .extracting(group -> group.getName())
                .contains(
                        "apps",
                        "coordination.k8s.io",
                        "discovery.k8s.io",
                        "authorization.k8s.io",
                        "apiextensions.k8s.io");
        assertThat(api.client().getApiGroup("apps").getPreferredVersion().getGroupVersion())
                .isEqualTo("apps/v1");
        var apps = api.client().getApiResources("apps/v1").getResources();
        assertThat(apps)
                .extracting(APIResource::getName)
                .contains("deployments", "deployments/status", "deployments/scale", "replicasets");
        var deployments = apps.stream().filter(r -> r.getName().equals("deployments")).findFirst();
        assertThat(deployments.orElseThrow().getKind()).isEqualTo("Deployment");
        assertThat(deployments.orElseThrow().getNamespaced()).isTrue();
        assertThat(deployments.orElseThrow().getShortNames()).containsExactly("deploy");
        assertThat(deployments.orElseThrow().getVerbs())
                .contains(
                        "create",
                        "delete",
                        "deletecollection",
                        "get",
                        "list",
                        "patch",
                        "update",
                        "watch");
        var core = api.client().getApiResources("v1").getResources();
        assertThat(core)
                .extracting(APIResource::getName)
                .contains("namespaces", "configmaps", "secrets", "pods", "pods/log", "events");
    }

    @Test
    void oneDocumentTellsEverythingToThoseWhoAsk() {
        var answer = api.ask("GET", "/apis", AGGREGATED, "", "");

        assertThat(answer.header("content-type")).contains("as=APIGroupDiscoveryList");
        assertThat(answer.json().text("kind")).contains("APIGroupDiscoveryList");
        var apps = named(answer.json().list("items"), "apps");
        var version = apps.list("versions").getFirst();
        assertThat(version.text("version")).contains("v1");
        var deployments =
                version.list("resources").stream()
                        .filter(r -> r.text("resource").filter("deployments"::equals).isPresent())
                        .findFirst()
                        .orElseThrow();
        assertThat(deployments.text("scope")).contains("Namespaced");
        assertThat(deployments.text("responseKind", "kind")).contains("Deployment");
        assertThat(deployments.list("subresources"))
                .extracting(sub -> sub.text("subresource").orElse(""))
                .contains("scale", "status");
        var core = api.ask("GET", "/api", AGGREGATED, "", "").json();
        assertThat(core.list("items").getFirst().list("versions").getFirst().text("version"))
                .contains("v1");
    }

    private static Json named(List<Json> items, String name) {
        return items.stream()
                .filter(item -> item.text("metadata", "name").filter(name::equals).isPresent())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void openApiHasAnIndexAndADocumentForEachGroup() {
        var index = api.get("/openapi/v3").json();
        var apps = index.object("paths").object("apis/apps/v1");
        assertThat(index.object("paths").has("api/v1")).isTrue();
        var url = apps.text("serverRelativeURL").orElseThrow();
        assertThat(url).startsWith("/openapi/v3/apis/apps/v1");

        var document = api.get(url).json();

        assertThat(document.text("openapi").orElse("")).startsWith("3.");
        var deployment =
                document.object("components", "schemas").object("io.k8s.api.apps.v1.Deployment");
        assertThat(deployment.object("properties").has("spec")).isTrue();
        assertThat(deployment.list("x-kubernetes-group-version-kind").getFirst().text("kind"))
                .contains("Deployment");
    }
}
