package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** K05 and K06: people's hands on our objects, and fields that we do not know. */
class HandsTest {
    private static final String R1 = "iris-predictor-00001";

    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
        troubled.apply("iris", "m1");
        troubled.await("ready", () -> troubled.settled("iris"));
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    private String path(Resource kind, String name) {
        var root = kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/";
        return "%s%s/namespaces/%s/%s/%s"
                .formatted(
                        root, kind.version(), troubled.platform.namespace(), kind.plural(), name);
    }

    private void edit(Resource kind, String name, String patch) {
        var path = path(kind, name);
        var answer =
                troubled.api.ask(
                        "PATCH", path, "application/json", "application/merge-patch+json", patch);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void remove(Resource kind, String name) {
        var path = path(kind, name);
        assertThat(troubled.api.ask("DELETE", path, "application/json", "", "").status())
                .isEqualTo(200);
    }

    private Json.Obj deployment() {
        return troubled.platform.object(Resource.DEPLOYMENT, R1);
    }

    @Test
    void whatIsOursIsPutBackAndWhatIsTheirsStays() throws Exception {
        edit(
                Resource.DEPLOYMENT,
                R1,
                """
                {"metadata": {"labels": {"theirs": "kept", "marea.dev/revision": "wrong"}},
                 "spec": {"minReadySeconds": 7}}
                """);
        troubled.await(
                "our label is put back",
                () ->
                        deployment()
                                .text("metadata", "labels", "marea.dev/revision")
                                .equals(java.util.Optional.of(R1)));
        assertThat(deployment().text("metadata", "labels", "theirs")).contains("kept");
        assertThat(deployment().integer("spec", "minReadySeconds").orElse(0)).isEqualTo(7);
    }

    @Test
    void whatStandsIsNotWrittenAgainByANewOperator() throws Exception {
        troubled.await("quiet", this::quiet);
        troubled.platform.restartOperator();
        troubled.wire.forget();
        troubled.apply("other", "m1");
        troubled.await("a later one is ready", () -> troubled.settled("other"));
        assertThat(troubled.wire.written())
                .filteredOn(call -> call.name().startsWith("iris"))
                .isEmpty();
    }

    private boolean quiet() {
        troubled.wire.forget();
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000);
        return troubled.wire.written().isEmpty();
    }

    @Test
    void whatIsDeletedComesBack() throws Exception {
        for (var service : troubled.platform.names(Resource.SERVICE)) {
            remove(Resource.SERVICE, service);
        }
        remove(Resource.DEPLOYMENT, R1);
        troubled.await("all are back", () -> troubled.owned("iris").size() == 4);
        troubled.await("ready again", () -> troubled.settled("iris"));
        assertThat(troubled.traffic("iris")).isEqualTo("{1=100}");
    }

    @Test
    void aRevisionThatIsForgottenIsMadeAnewAndNothingOfItStays() throws Exception {
        remove(Resource.CONTROLLER_REVISION, R1);
        troubled.await("made anew", () -> troubled.traffic("iris").equals("{2=100}"));
        troubled.await(
                "nothing of the old one stays",
                () -> troubled.owned("iris").stream().noneMatch(name -> name.endsWith("-00001")));
        troubled.await("ready again", () -> troubled.settled("iris"));
    }

    private boolean rolledOut(String service) {
        return troubled.settled(service)
                && troubled.platform.names(Resource.DEPLOYMENT).stream()
                        .map(name -> troubled.platform.object(Resource.DEPLOYMENT, name).toString())
                        .anyMatch(tree -> tree.contains("/models/m2"));
    }

    @Test
    void fieldsOfAFutureVersionSurviveEverythingWeWrite() throws Exception {
        troubled.patch(
                "iris",
                "metadata: {annotations: {future.example.com/plan: 'x'}, labels: {future: 'y'}}");
        troubled.apply("iris", "m2");
        // The label is one of the pods' too, and makes a revision of its own if it comes alone.
        troubled.await("rolled out", () -> rolledOut("iris"));
        var iris = troubled.service("iris");
        assertThat(iris.text("metadata", "annotations", "future.example.com/plan")).contains("x");
        assertThat(iris.text("metadata", "labels", "future")).contains("y");
    }
}
