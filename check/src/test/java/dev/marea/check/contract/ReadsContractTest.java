package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Lists: what they choose, in what portions and in which form. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadsContractTest {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final String PARTIAL_LIST =
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    private static final String PARTIAL =
            "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

    private ApiUnderTest api;

    @BeforeAll
    void open() {
        api = ApiUnderTest.open();
        api.make("red-1", Map.of("color", "red", "tier", "1"), Map.of("k", "v"));
        api.make("red-2", Map.of("color", "red"), Map.of("k", "v"));
        api.make("blue", Map.of("color", "blue"), Map.of("k", "v"));
        api.make("plain", Map.of("of", "nothing"), Map.of("k", "v"));
    }

    @AfterAll
    void close() {
        api.close();
    }

    private Set<String> names(String labelSelector) {
        return names(
                api.client()
                        .configMaps()
                        .inNamespace(api.namespace())
                        .list(new ListOptionsBuilder().withLabelSelector(labelSelector).build())
                        .getItems());
    }

    private static Set<String> names(List<ConfigMap> maps) {
        var names = new HashSet<String>();
        maps.forEach(map -> names.add(map.getMetadata().getName()));
        names.remove("kube-root-ca.crt"); // a cluster's own
        return names;
    }

    @Test
    void labelSelectorsChoose() {
        var maps = api.client().configMaps().inNamespace(api.namespace());

        assertThat(names(maps.withLabel("color", "red").list().getItems()))
                .containsExactlyInAnyOrder("red-1", "red-2");
        assertThat(names("color=red,tier=1")).containsExactly("red-1");
        assertThat(names("color in (blue, green)")).containsExactly("blue");
        assertThat(names("color notin (red)")).containsExactlyInAnyOrder("blue", "plain");
        assertThat(names("color,!tier")).containsExactlyInAnyOrder("red-2", "blue");
        assertThat(names("color!=red,color")).containsExactly("blue");
        assertThat(api.get(api.mapsPath() + "?labelSelector=a+b").status()).isEqualTo(400);
    }

    @Test
    void fieldSelectorsChoose() {
        var maps = api.client().configMaps().inNamespace(api.namespace());

        assertThat(names(maps.withField("metadata.name", "blue").list().getItems()))
                .containsExactly("blue");
        assertThat(
                        names(
                                api.client()
                                        .configMaps()
                                        .inAnyNamespace()
                                        .withField("metadata.namespace", api.namespace())
                                        .list()
                                        .getItems()))
                .containsExactlyInAnyOrder("red-1", "red-2", "blue", "plain");
        var refused =
                catchThrowableOfType(
                        KubernetesClientException.class,
                        () -> maps.withField("data.k", "v").list());
        assertThat(refused.getCode()).isEqualTo(400);
        assertThat(refused.getStatus().getMessage())
                .contains("\"data.k\" is not a known field selector");
    }

    @Test
    void podsAreChosenByTheirNodeAndPhase() {
        ApiUnderTest.await(
                "the namespace has its service account",
                () ->
                        api.client()
                                        .serviceAccounts()
                                        .inNamespace(api.namespace())
                                        .withName("default")
                                        .get()
                                != null);
        var pods = api.client().pods().inNamespace(api.namespace());
        api.client()
                .resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withName("unplaced")
                                .withNamespace(api.namespace())
                                .endMetadata()
                                .withNewSpec()
                                .withSchedulerName("nobody.example")
                                .addNewContainer()
                                .withName("c")
                                .withImage("test/web:1")
                                .endContainer()
                                .endSpec()
                                .build())
                .create();

        assertThat(pods.withField("status.phase", "Pending").list().getItems()).hasSize(1);
        assertThat(pods.withField("status.phase", "Running").list().getItems()).isEmpty();
        assertThat(pods.withField("spec.nodeName", "nowhere").list().getItems()).isEmpty();
        assertThat(pods.withoutField("spec.nodeName", "nowhere").list().getItems()).hasSize(1);
    }

    @Test
    void aListIsTurnedPageByPageThroughOneMoment() {
        var first = api.get(api.mapsPath() + "?limit=2").json();
        var seen = new HashSet<>(names(first));
        assertThat(first.list("items")).hasSize(2);
        assertThat(first.integer("metadata", "remainingItemCount").orElse(0)).isPositive();
        api.make("zz-made-between-pages", Map.of(), Map.of());

        var token = first.text("metadata", "continue").orElse("");
        while (!token.isEmpty()) {
            var page = api.get(api.mapsPath() + "?limit=2&continue=" + token).json();
            assertThat(names(page)).doesNotContainAnyElementsOf(seen);
            seen.addAll(names(page));
            assertThat(page.text("metadata", "resourceVersion"))
                    .isEqualTo(first.text("metadata", "resourceVersion"));
            token = page.text("metadata", "continue").orElse("");
        }

        assertThat(seen)
                .contains("red-1", "red-2", "blue", "plain")
                .doesNotContain("zz-made-between-pages");
        assertThat(api.get(api.mapsPath() + "?limit=1&continue=nonsense").status()).isEqualTo(400);
        api.client().resource(api.map("zz-made-between-pages", Map.of(), Map.of())).delete();
    }

    private static Set<String> names(Json.Obj list) {
        var names = new HashSet<String>();
        list.list("items").forEach(item -> names.add(item.text("metadata", "name").orElse("")));
        return names;
    }

    @Test
    void aListNamesItsKindAndMoment() {
        var list = api.get(api.mapsPath() + "?labelSelector=none%3Dnone").json();

        assertThat(list.text("kind")).contains("ConfigMapList");
        assertThat(list.text("apiVersion")).contains("v1");
        assertThat(list.text("metadata", "resourceVersion").orElse("")).isNotEmpty();
        assertThat(list.at("items")).contains(new Json.Arr(List.of()));
    }

    @Test
    void aTableHasColumnsAndRows() {
        var table =
                api.ask("GET", api.mapsPath() + "?labelSelector=color%3Dblue", TABLE, "", "")
                        .json();

        assertThat(table.text("kind")).contains("Table");
        assertThat(table.text("apiVersion")).contains("meta.k8s.io/v1");
        assertThat(table.list("columnDefinitions"))
                .extracting(column -> column.text("name").orElse(""))
                .startsWith("Name")
                .contains("Data", "Age");
        var row = table.list("rows").getFirst();
        assertThat(row.list("cells").getFirst().text()).contains("blue");
        assertThat(row.text("object", "kind")).contains("PartialObjectMetadata");
        assertThat(row.text("object", "metadata", "name")).contains("blue");
        var one = api.ask("GET", api.mapsPath() + "/blue", TABLE, "", "").json();
        assertThat(one.list("rows")).hasSize(1);
    }

    @Test
    void metadataAloneCanBeAskedFor() {
        var list =
                api.ask("GET", api.mapsPath() + "?labelSelector=color%3Dred", PARTIAL_LIST, "", "")
                        .json();
        var one = api.ask("GET", api.mapsPath() + "/blue", PARTIAL, "", "").json();

        assertThat(list.text("kind")).contains("PartialObjectMetadataList");
        assertThat(list.list("items")).hasSize(2);
        assertThat(one.text("kind")).contains("PartialObjectMetadata");
        assertThat(one.text("apiVersion")).contains("meta.k8s.io/v1");
        assertThat(one.text("metadata", "name")).contains("blue");
        assertThat(one.at("data")).isEmpty();
    }

    @Test
    void aFormThatNobodySpeaksIsNotAcceptable() {
        assertThat(api.ask("GET", api.mapsPath(), "text/csv", "", "").status()).isEqualTo(406);
    }

    @Test
    void aListAskedForAtItsVersionOrLaterIsThere() {
        var version = api.get(api.mapsPath()).json().text("metadata", "resourceVersion");
        var query = "?labelSelector=color&resourceVersion=";

        assertThat(names(api.get(api.mapsPath() + query + "0").json())).hasSize(3);
        assertThat(
                        names(
                                api.get(
                                                api.mapsPath()
                                                        + query
                                                        + version.orElseThrow()
                                                        + "&resourceVersionMatch=NotOlderThan")
                                        .json()))
                .hasSize(3);
        assertThat(api.get(api.mapsPath() + "?resourceVersionMatch=Exact").status()).isIn(400, 422);
    }
}
