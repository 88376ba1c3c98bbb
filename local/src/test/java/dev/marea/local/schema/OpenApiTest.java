package dev.marea.local.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final Schemas SCHEMAS = Schemas.of(List.of());

    @Test
    void theIndexLeadsToADocumentForEachGroupVersion() {
        var paths = SCHEMAS.openApiV3().object("paths").fields().keySet();
        assertThat(paths)
                .containsExactlyInAnyOrder(
                        "api/v1",
                        "apis/apps/v1",
                        "apis/discovery.k8s.io/v1",
                        "apis/coordination.k8s.io/v1",
                        "apis/apiextensions.k8s.io/v1");
        assertThat(paths).allSatisfy(path -> assertThat(SCHEMAS.openApiV3(path)).isPresent());
        assertThat(SCHEMAS.openApiV3("apis/none/v1")).isEmpty();
    }

    @Test
    void everyReferenceHasADefinition() {
        for (var path : SCHEMAS.openApiV3().object("paths").fields().keySet()) {
            var document = SCHEMAS.openApiV3(path).orElseThrow();
            var known = document.object("components", "schemas").fields().keySet();
            var refs = new ArrayList<String>();
            references(document, refs);
            assertThat(refs).isNotEmpty();
            assertThat(known).containsAll(refs);
        }
    }

    private static void references(Json value, List<String> found) {
        switch (value) {
            case Json.Obj object -> {
                object.text("$ref").ifPresent(r -> found.add(r.substring(r.lastIndexOf('/') + 1)));
                object.fields().values().forEach(field -> references(field, found));
            }
            case Json.Arr(var items) -> items.forEach(item -> references(item, found));
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> {}
        }
    }

    @Test
    void kubectlFindsKindsPatchTypesAndListKeys() {
        var apps = SCHEMAS.openApiV3("apis/apps/v1").orElseThrow();
        var deployment = apps.object("components", "schemas", "io.k8s.api.apps.v1.Deployment");
        assertThat(deployment.list("x-kubernetes-group-version-kind"))
                .containsExactly(
                        Json.Obj.of("group", "apps", "kind", "Deployment", "version", "v1"));
        var patch =
                apps.object(
                        "paths",
                        "/apis/apps/v1/namespaces/{namespace}/deployments/{name}",
                        "patch");
        assertThat(patch.object("requestBody", "content").fields())
                .containsKeys(
                        "application/strategic-merge-patch+json", "application/apply-patch+yaml");
        assertThat(patch.list("parameters"))
                .extracting(p -> p.text("name").orElse(""))
                .contains("dryRun", "fieldValidation");
        var containers =
                apps.object(
                        "components",
                        "schemas",
                        "io.k8s.api.core.v1.PodSpec",
                        "properties",
                        "containers");
        assertThat(containers.text("x-kubernetes-patch-merge-key")).contains("name");
        assertThat(containers.text("x-kubernetes-patch-strategy")).contains("merge");
        assertThat(containers.text("description")).isPresent();
        var strategy = List.of("io.k8s.api.apps.v1.DeploymentStrategy", "description");
        assertThat(apps.object("components", "schemas").text(strategy.toArray(String[]::new)))
                .contains("How old pods give way to new ones.");
    }
}
