package dev.marea.local.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.LocalApi;
import dev.marea.local.api.StoredObjects;
import dev.marea.local.node.PodLogs;
import dev.marea.local.objects.Resource;
import dev.marea.wire.admission.Admission;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.admission.Admission.Verdict;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Crds;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ApiDoorTest {
    private static final Clock NOON =
            Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String SERVICES =
            "/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices";
    private static final Resource INFERENCE_SERVICE =
            new Resource(
                    "serving.kserve.io", "v1beta1", "inferenceservices", "InferenceService", true);
    private static final PodLogs LOGS =
            (namespace, pod, query) ->
                    (out, _) ->
                            out.write(
                                    (namespace + "/" + pod + " " + query.tailLines().orElse(-1))
                                            .getBytes(StandardCharsets.UTF_8));

    /** Warns of everything, and dislikes the name that says so. */
    private static final Admission PICKY =
            (_, after) ->
                    new Verdict(
                            after.text("metadata", "name").filter("bad"::equals).isPresent()
                                    ? List.of(
                                            FieldError.invalid(
                                                    "spec.predictor", "Invalid value: 1: no"))
                                    : List.of(),
                            List.of("think \"twice\""));

    private final LocalApi api =
            LocalApi.inMemory(Crds.all(), Map.of(INFERENCE_SERVICE, PICKY), NOON);
    private final ApiDoor door =
            new ApiDoor((StoredObjects) api.objects(), LOGS, Ask.token(), "test", NOON);

    @AfterEach
    void close() {
        api.close();
    }

    private Ask ask() {
        return new Ask(door);
    }

    private static String map(String name, String labels, String data) {
        return """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","labels":{%s}},"data":{%s}}\
        """
                .formatted(name, labels, data);
    }

    private void make(String name, String labels) throws Exception {
        assertThat(ask().post(MAPS, map(name, labels, "")).status()).isEqualTo(201);
    }

    private String deployment() throws Exception {
        var made =
                ask().post(
                                DEPLOYMENTS,
                                """
                                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},
                                 "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
                                 "template":{"metadata":{"labels":{"app":"web"}},
                                  "spec":{"containers":[{"name":"c","image":"i"}]}}}}\
                                """);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json().text("metadata", "resourceVersion").orElseThrow();
    }

    @Test
    void nobodyEntersWithoutTheToken() throws Exception {
        var answer = ask().with("authorization", "Bearer guess").get(MAPS);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().text("reason")).contains("Unauthorized");
        assertThat(ask().with("authorization", "").get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void aMissingObjectIsToldAsKubernetesTellsIt() throws Exception {
        var answer = ask().get(DEPLOYMENTS + "/nope");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json())
                .isEqualTo(
                        Json.Obj.of(
                                "kind", "Status",
                                "apiVersion", "v1",
                                "metadata", Json.Obj.EMPTY,
                                "status", "Failure",
                                "message", "deployments.apps \"nope\" not found",
                                "reason", "NotFound",
                                "details",
                                        Json.Obj.of(
                                                "name",
                                                "nope",
                                                "group",
                                                "apps",
                                                "kind",
                                                "deployments"),
                                "code", 404));
    }

    @Test
    void aListIsTurnedPageByPageThroughOneMoment() throws Exception {
        for (var name : List.of("a", "b", "c")) {
            make(name, "");
        }
        var first = ask().get(MAPS + "?limit=2");
        var next = first.json().text("metadata", "continue").orElseThrow();
        make("bb", "");
        var second = ask().get(MAPS + "?limit=2&continue=" + next);

        assertThat(first.names()).containsExactly("a", "b");
        assertThat(first.json().integer("metadata", "remainingItemCount")).hasValue(1);
        assertThat(second.names()).containsExactly("c");
        assertThat(second.json().text("metadata", "resourceVersion"))
                .isEqualTo(first.json().text("metadata", "resourceVersion"));
        assertThat(second.json().at("metadata", "continue")).isEmpty();
    }

    @Test
    void selectorsChooseByLabelAndField() throws Exception {
        make("a", "\"app\":\"x\",\"tier\":\"1\"");
        make("b", "\"app\":\"y\"");
        make("c", "");

        assertThat(ask().get(MAPS + "?labelSelector=app%3Dx").names()).containsExactly("a");
        assertThat(ask().get(MAPS + "?labelSelector=app+in+(x,y),!tier").names())
                .containsExactly("b");
        assertThat(ask().get(MAPS + "?labelSelector=app+notin+(x)").names())
                .containsExactly("b", "c");
        assertThat(ask().get(MAPS + "?labelSelector=app!%3Dy").names()).containsExactly("a", "c");
        assertThat(ask().get(MAPS + "?labelSelector=tier%3E0").names()).containsExactly("a");
        assertThat(ask().get(MAPS + "?fieldSelector=metadata.name%3Dc").names())
                .containsExactly("c");
        assertThat(ask().get(MAPS + "?labelSelector=a+b").status()).isEqualTo(400);
        assertThat(ask().get(MAPS + "?fieldSelector=data.x%3Dc").message())
                .contains("\"data.x\" is not a known field selector");
    }

    @Test
    void aWatchTellsEntriesAndDeparturesOfItsSelector() throws Exception {
        long from =
                Long.parseLong(
                        ask().get(MAPS).json().text("metadata", "resourceVersion").orElseThrow());
        make("a", "\"app\":\"x\"");
        make("other", "\"app\":\"y\"");
        ask().patch(MAPS + "/a", "merge-patch+json", "{\"data\":{\"k\":\"v\"}}");
        ask().patch(MAPS + "/a", "merge-patch+json", "{\"metadata\":{\"labels\":{\"app\":\"y\"}}}");
        ask().patch(MAPS + "/a", "merge-patch+json", "{\"metadata\":{\"labels\":{\"app\":\"x\"}}}");
        ask().delete(MAPS + "/a");

        var lines =
                ask().get(
                                MAPS
                                        + "?watch=true&timeoutSeconds=1&labelSelector=app%3Dx&resourceVersion="
                                        + from)
                        .lines();

        assertThat(lines.stream().map(line -> line.text("type").orElse("")))
                .containsExactly("ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED");
    }

    @Test
    void aWatchFromNowBeginsWithWhatIsThereAndSaysWhenThatEnds() throws Exception {
        make("a", "");

        var lines =
                ask().get(
                                MAPS
                                        + "?watch=True&timeoutSeconds=1&sendInitialEvents=true&allowWatchBookmarks=true"
                                        + "&resourceVersionMatch=NotOlderThan")
                        .lines();

        assertThat(lines.getFirst().text("type")).contains("ADDED");
        assertThat(lines.get(1).text("type")).contains("BOOKMARK");
        assertThat(
                        lines.get(1)
                                .text(
                                        "object",
                                        "metadata",
                                        "annotations",
                                        "k8s.io/initial-events-end"))
                .contains("true");
    }

    @Test
    void aWatchOfTheFutureEndsWith410() throws Exception {
        var lines = ask().get(MAPS + "?watch=1&resourceVersion=99999").lines();

        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst().text("type")).contains("ERROR");
        assertThat(lines.getFirst().integer("object", "code")).hasValue(410);
    }

    @Test
    void kubectlGetsATable() throws Exception {
        deployment();

        var table =
                ask().with(
                                "accept",
                                "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
                        .get(DEPLOYMENTS)
                        .json();

        assertThat(table.text("kind")).contains("Table");
        assertThat(table.list("columnDefinitions").stream().map(c -> c.text("name").orElse("")))
                .containsExactly(
                        "Name",
                        "Ready",
                        "Up-to-date",
                        "Available",
                        "Age",
                        "Containers",
                        "Images",
                        "Selector");
        assertThat(table.list("rows").getFirst().list("cells"))
                .isEqualTo(Json.of(List.of("web", "0/2", 0, 0, "0s", "c", "i", "app=web")).list());
        assertThat(table.list("rows").getFirst().text("object", "kind"))
                .contains("PartialObjectMetadata");
    }

    @Test
    void aDefinedKindHasTheColumnsOfItsDefinition() throws Exception {
        make("unrelated", "");
        var table =
                ask().with("accept", "application/json;as=Table;v=v1;g=meta.k8s.io").get(SERVICES);

        assertThat(
                        table.json().list("columnDefinitions").stream()
                                .map(c -> c.text("name").orElse("")))
                .startsWith("Name", "URL", "Ready");
    }

    @Test
    void aClientThatReadsNoJsonIsRefused() throws Exception {
        assertThat(ask().with("accept", "application/vnd.kubernetes.protobuf").get(MAPS).status())
                .isEqualTo(406);
    }

    @Test
    void patchesComeInFourKinds() throws Exception {
        make("a", "");
        var path = MAPS + "/a";

        ask().patch(path, "merge-patch+json", "{\"data\":{\"m\":\"1\",\"gone\":\"x\"}}");
        ask().patch(path, "strategic-merge-patch+json", "{\"data\":{\"s\":\"2\",\"gone\":null}}");
        ask().patch(
                        path,
                        "json-patch+json",
                        "[{\"op\":\"add\",\"path\":\"/data/j\",\"value\":\"3\"}]");
        var applied =
                ask().patch(
                                path + "?fieldManager=me",
                                "apply-patch+yaml",
                                "apiVersion: v1\nkind: ConfigMap\ndata: {y: '4'}\n");

        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        assertThat(applied.json().object("data"))
                .isEqualTo(Json.Obj.of("m", "1", "s", "2", "j", "3", "y", "4"));
    }

    @Test
    void anApplyCreatesWhatIsMissingAndNeedsAManager() throws Exception {
        var body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"a\":\"b\"}}";

        assertThat(ask().patch(MAPS + "/new?fieldManager=me", "apply-patch+yaml", body).status())
                .isEqualTo(201);
        assertThat(ask().patch(MAPS + "/new", "apply-patch+yaml", body).message())
                .contains("fieldManager: Required value: is required for apply patch");
    }

    @Test
    void aStrategicPatchOfADefinedKindIsRefused() throws Exception {
        var answer = ask().patch(SERVICES + "/x", "strategic-merge-patch+json", "{}");

        assertThat(answer.status()).isEqualTo(404);
        ask().post(SERVICES, service("x"));
        assertThat(ask().patch(SERVICES + "/x", "strategic-merge-patch+json", "{}").status())
                .isEqualTo(415);
    }

    private static String service(String name) {
        return """
        {"apiVersion":"serving.kserve.io/v1beta1","kind":"InferenceService","metadata":{"name":"%s"},
         "spec":{"predictor":{"model":{"modelFormat":{"name":"sklearn"},"storageUri":"file:///m"}}}}\
        """
                .formatted(name);
    }

    @Test
    void admissionRefusesWithTheFieldAndWarnsInAHeader() throws Exception {
        var bad = ask().post(SERVICES, service("bad"));
        var good = ask().post(SERVICES, service("good"));

        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.message())
                .isEqualTo(
                        "InferenceService.serving.kserve.io \"bad\" is invalid: spec.predictor:"
                                + " Invalid value: 1: no");
        assertThat(bad.json().list("details", "causes").getFirst().text("field"))
                .contains("spec.predictor");
        assertThat(good.status()).isEqualTo(201);
        assertThat(good.header("warning")).isEqualTo("299 - \"think \\\"twice\\\"\"");
    }

    @Test
    void anUpdateOfADefinedKindNamesTheVersionThatItSaw() throws Exception {
        ask().post(SERVICES, service("x"));

        assertThat(ask().put(SERVICES + "/x", service("x")).message())
                .contains("metadata.resourceVersion: Invalid value: 0x0: must be specified");
    }

    @Test
    void theScaleOfADeploymentIsReadAndWritten() throws Exception {
        deployment();

        var scale = ask().get(DEPLOYMENTS + "/web/scale").json();
        var patched =
                ask().patch(
                                DEPLOYMENTS + "/web/scale",
                                "merge-patch+json",
                                "{\"spec\":{\"replicas\":5}}");

        assertThat(scale.text("status", "selector")).contains("app=web");
        assertThat(scale.integer("spec", "replicas")).hasValue(2);
        assertThat(patched.json().integer("spec", "replicas")).hasValue(5);
        assertThat(ask().get(DEPLOYMENTS + "/web").json().integer("spec", "replicas")).hasValue(5);
        assertThat(ask().get(MAPS + "/a/scale").status()).isEqualTo(404);
    }

    @Test
    void aScaleOfAnOldVersionConflicts() throws Exception {
        var version = deployment();
        ask().patch(DEPLOYMENTS + "/web", "merge-patch+json", "{\"spec\":{\"replicas\":3}}");

        var answer =
                ask().put(
                                DEPLOYMENTS + "/web/scale",
                                """
                                {"metadata":{"name":"web","resourceVersion":"%s"},"spec":{"replicas":9}}\
                                """
                                        .formatted(version));

        assertThat(answer.status()).isEqualTo(409);
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        var made = ask().post(MAPS + "?dryRun=All", map("a", "", ""));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().at("metadata", "resourceVersion")).isEmpty();
        assertThat(ask().get(MAPS + "/a").status()).isEqualTo(404);
        assertThat(ask().post(MAPS + "?dryRun=Some", map("a", "", "")).status()).isEqualTo(422);
    }

    @Test
    void definitionsAreReadOnly() throws Exception {
        var definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

        assertThat(ask().get(definitions).names()).contains("inferenceservices.serving.kserve.io");
        var refused = ask().post(definitions, "{}");
        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.message()).contains("one machine serves a fixed set of kinds");
    }

    @Test
    void aDeletedCollectionIsGone() throws Exception {
        make("a", "\"app\":\"x\"");
        make("b", "");

        ask().delete(MAPS + "?labelSelector=app%3Dx");

        assertThat(ask().get(MAPS).names()).containsExactly("b");
    }

    @Test
    void onlyTheNodeMaySayThatAProcessHasEnded() throws Exception {
        make("a", "");

        assertThat(ask().with("user-agent", "marea-node/1").delete(MAPS + "/a").status())
                .isEqualTo(400);
    }

    @Test
    void logsComeFromTheNode() throws Exception {
        assertThat(ask().get("/api/v1/namespaces/default/pods/p/log?tailLines=3").text())
                .isEqualTo("default/p 3");
    }

    @Test
    void theTokensHolderMayDoWhatIsServed() throws Exception {
        var path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

        assertThat(
                        ask().post(
                                        path,
                                        "{\"spec\":{\"resourceAttributes\":{\"resource\":\"pods\",\"verb\":\"get\"}}}")
                                .json()
                                .flag("status", "allowed"))
                .isTrue();
        assertThat(
                        ask().post(
                                        path,
                                        "{\"spec\":{\"resourceAttributes\":{\"resource\":\"jobs\",\"group\":\"batch\"}}}")
                                .json()
                                .text("status", "reason"))
                .contains("one machine does not serve jobs.batch");
    }

    @Test
    void discoveryComesInBothForms() throws Exception {
        var aggregated =
                ask().with(
                                "accept",
                                "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json")
                        .get("/apis");

        assertThat(aggregated.header("content-type")).contains("as=APIGroupDiscoveryList");
        assertThat(aggregated.json().text("kind")).contains("APIGroupDiscoveryList");
        assertThat(ask().get("/apis").json().text("kind")).contains("APIGroupList");
        assertThat(
                        ask().get("/apis/apps/v1").json().list("resources").stream()
                                .map(r -> r.text("name").orElse("")))
                .contains("deployments", "deployments/status", "deployments/scale");
    }
}
