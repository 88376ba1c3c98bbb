package dev.marea.local.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.schema.Kind;
import dev.marea.local.schema.Schemas;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The well-known stories of server-side apply. */
class OwnershipTest {
    private static final Schemas SCHEMAS = Schemas.of(List.of());
    private static final Kind DEPLOYMENT = SCHEMAS.of(Resource.DEPLOYMENT).orElseThrow();
    private static final Kind CONFIG_MAP = SCHEMAS.of(Resource.CONFIG_MAP).orElseThrow();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Author by(String manager) {
        return new Author(manager, "", NOW);
    }

    private static Json.Obj deployment(String spec) {
        return ((Json.Obj)
                        PatchTest.json(
                                "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'}}"))
                .with("spec", PatchTest.json(spec));
    }

    private static Json.Obj config(String data) {
        return ((Json.Obj)
                        PatchTest.json(
                                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'}}"))
                .with("data", PatchTest.json(data));
    }

    private static Json.Obj apply(Kind kind, Json.Obj live, Json.Obj config, String manager)
            throws Refusal {
        return Ownership.applied(kind, Optional.of(live), config, by(manager), false);
    }

    private static Json.Obj created(Kind kind, Json.Obj config, String manager) throws Refusal {
        return Ownership.applied(kind, Optional.empty(), config, by(manager), false);
    }

    private static Json owned(Json.Obj object, String manager) {
        return object.list("metadata", "managedFields").stream()
                .filter(e -> e.text("manager").orElse("").equals(manager))
                .findFirst()
                .<Json>map(e -> e.object("fieldsV1"))
                .orElse(Json.Null.VALUE);
    }

    @Test
    void scalingByHandTakesTheFieldAndTheNextApplyConflicts() throws Refusal {
        var live = created(DEPLOYMENT, deployment("{'replicas':1}"), "ci");
        var scaled = live.withAt(List.of("spec", "replicas"), Json.of(3));
        var edited = Ownership.updated(DEPLOYMENT, Optional.of(live), scaled, by("kubectl-edit"));
        assertThat(owned(edited, "kubectl-edit"))
                .isEqualTo(PatchTest.json("{'f:spec':{'f:replicas':{}}}"));
        assertThat(owned(edited, "ci")).isEqualTo(Json.Null.VALUE);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> apply(DEPLOYMENT, edited, deployment("{'replicas':1}"), "ci"))
                .withMessage(
                        "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using"
                                + " apps/v1: .spec.replicas")
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(409);
                    var cause = refused.details().list("causes").getFirst();
                    assertThat(cause.text("reason")).contains("FieldManagerConflict");
                    assertThat(cause.text("field")).contains(".spec.replicas");
                });
        var forced =
                Ownership.applied(
                        DEPLOYMENT,
                        Optional.of(edited),
                        deployment("{'replicas':1}"),
                        by("ci"),
                        true);
        assertThat(forced.at("spec", "replicas")).contains(Json.of(1));
        assertThat(owned(forced, "kubectl-edit")).isEqualTo(Json.Null.VALUE);
    }

    @Test
    void equalValuesAreShared() throws Refusal {
        var one = created(CONFIG_MAP, config("{'a':'1'}"), "first");
        var both = apply(CONFIG_MAP, one, config("{'a':'1'}"), "second");
        var without = apply(CONFIG_MAP, both, config("{}"), "first");
        assertThat(without.text("data", "a")).contains("1");
        assertThat(owned(without, "second")).isEqualTo(PatchTest.json("{'f:data':{'f:a':{}}}"));
        var gone = apply(CONFIG_MAP, without, config("{}"), "second");
        assertThat(gone.object("data").isEmpty()).isTrue();
    }

    @Test
    void whatAnApplierNoLongerSendsGoes() throws Refusal {
        var live =
                created(
                        DEPLOYMENT,
                        deployment(
                                "{'template':{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}}}"),
                        "ci");
        var less =
                apply(
                        DEPLOYMENT,
                        live,
                        deployment(
                                "{'template':{'spec':{'containers':[{'name':'b','image':'1'}]}}}"),
                        "ci");
        assertThat(less.list("spec", "template", "spec", "containers"))
                .extracting(c -> c.text("name").orElse(""))
                .containsExactly("b");
    }

    @Test
    void whatOthersAddedToAnItemKeepsTheItem() throws Refusal {
        var live =
                created(
                        DEPLOYMENT,
                        deployment(
                                "{'template':{'spec':{'containers':[{'name':'a','image':'1'}]}}}"),
                        "ci");
        var injected =
                apply(
                        DEPLOYMENT,
                        live,
                        deployment(
                                "{'template':{'spec':{'containers':[{'name':'a','env':[{'name':'X','value':'1'}]}]}}}"),
                        "injector");
        var less = apply(DEPLOYMENT, injected, deployment("{'replicas':2}"), "ci");
        var container = less.list("spec", "template", "spec", "containers").getFirst();
        assertThat(container.at("image")).isEmpty();
        assertThat(container.list("env")).hasSize(1);
    }

    @Test
    void applyingTheSameAgainChangesNothingNotEvenTheTime() throws Refusal {
        var live = created(CONFIG_MAP, config("{'a':'1'}"), "ci");
        var later = new Author("ci", "", NOW.plusSeconds(60));
        var again =
                Ownership.applied(CONFIG_MAP, Optional.of(live), config("{'a':'1'}"), later, false);
        assertThat(again).isEqualTo(live);
    }

    @Test
    void anObjectThatWasNeverTrackedConflictsAsBeforeFirstApply() {
        var live = config("{'a':'1'}");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> apply(CONFIG_MAP, live, config("{'a':'2'}"), "ci"))
                .withMessageContaining("conflict with \"before-first-apply\" using v1: .data.a");
    }

    @Test
    void kubectlTakesOverWhatItAppliedOnTheClientsSide() throws Refusal {
        var note = config("{'a':'1'}").toString();
        var sent =
                config("{'a':'1'}")
                        .withAt(
                                List.of(
                                        "metadata",
                                        "annotations",
                                        "kubectl.kubernetes.io/last-applied-configuration"),
                                Json.of(note));
        var live =
                Ownership.updated(
                        CONFIG_MAP, Optional.empty(), sent, by("kubectl-client-side-apply"));
        var taken = apply(CONFIG_MAP, live, config("{'a':'2'}"), "kubectl");
        assertThat(taken.text("data", "a")).contains("2");
        assertThat(
                        taken.text(
                                "metadata",
                                "annotations",
                                "kubectl.kubernetes.io/last-applied-configuration"))
                .contains(
                        "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"2\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}\n");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> apply(CONFIG_MAP, live, config("{'a':'2'}"), "other"));
    }

    @Test
    void managedFieldsCanBeRewrittenAndWiped() throws Refusal {
        var live = created(CONFIG_MAP, config("{'a':'1'}"), "ci");
        var renamed =
                PatchTest.json(
                        "[{'manager':'new','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{}}}}]");
        var moved =
                Ownership.updated(
                        CONFIG_MAP,
                        Optional.of(live),
                        live.withAt(List.of("metadata", "managedFields"), renamed),
                        by("kubectl"));
        assertThat(moved.list("metadata", "managedFields"))
                .extracting(e -> e.text("manager").orElse(""))
                .containsExactly("new");
        for (var wipe : List.of("[{}]", "[]")) {
            var wiped =
                    Ownership.updated(
                            CONFIG_MAP,
                            Optional.of(live),
                            live.withAt(List.of("metadata", "managedFields"), PatchTest.json(wipe)),
                            by("kubectl"));
            assertThat(wiped.at("metadata", "managedFields")).isEmpty();
        }
    }

    @Test
    void theStatusBelongsToItsSubresource() throws Refusal {
        var live = created(DEPLOYMENT, deployment("{'replicas':1}"), "ci");
        var status = live.with("status", PatchTest.json("{'readyReplicas':1}"));
        var written =
                Ownership.updated(
                        DEPLOYMENT,
                        Optional.of(live),
                        status,
                        new Author("controller", "status", NOW));
        var entry = written.list("metadata", "managedFields").getLast();
        assertThat(entry.text("subresource")).contains("status");
        assertThat(entry.object("fieldsV1"))
                .isEqualTo(PatchTest.json("{'f:status':{'f:readyReplicas':{}}}"));
    }

    @Test
    void atMostTenUpdatersAreKeptApart() {
        Json.Obj live =
                Ownership.updated(CONFIG_MAP, Optional.empty(), config("{'k':'0'}"), by("m0"));
        for (int i = 1; i <= 14; i++) {
            var next = live.withAt(List.of("data", "k" + i), Json.of("x"));
            var author = new Author("m" + i, "", NOW.plusSeconds(i));
            live = Ownership.updated(CONFIG_MAP, Optional.of(live), next, author);
        }
        assertThat(live.list("metadata", "managedFields"))
                .hasSize(10)
                .extracting(e -> e.text("manager").orElse(""))
                .contains("ancient-changes", "m14");
    }

    @Test
    void itemsThatCannotBeToldApartAreRefused() {
        var twice = deployment("{'template':{'spec':{'containers':[{'name':'a'},{'name':'a'}]}}}");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> created(DEPLOYMENT, twice, "ci"))
                .withMessageContaining(
                        ".spec.template.spec.containers: duplicate entries for key [name=\"a\"]");
        var nameless = deployment("{'template':{'spec':{'containers':[{'image':'a'}]}}}");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> created(DEPLOYMENT, nameless, "ci"))
                .withMessageContaining("omits key field \"name\"");
    }
}
