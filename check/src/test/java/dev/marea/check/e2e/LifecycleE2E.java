package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a service goes through: stopped, scaled, changed, changed badly, deleted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifecycleE2E {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String MODEL = Subject.sklearn(Subject.IRIS.resolve("model-1").toString());

    private Marea marea;

    @BeforeAll
    void up() throws Exception {
        marea = Marea.up("--no-samples");
    }

    @AfterAll
    void down() {
        marea.close();
    }

    @Test
    void aStoppedServiceHasNoReplicaAndComesBackWhenTheAnnotationGoes() throws Exception {
        var subject = subject("halted").served(MODEL);
        marea.kubectl("annotate", "isvc", "halted", "serving.kserve.io/stop=true").ok();
        subject.awaitField(".status.conditions[?(@.type==\"Stopped\")].status", "True");
        assertThat(subject.field(".status.conditions[?(@.type==\"Ready\")].reason"))
                .isEqualTo("Stopped");
        Marea.await("no replica", LIMIT, () -> subject.replicas().isEmpty());
        marea.kubectl("annotate", "isvc", "halted", "serving.kserve.io/stop-").ok();
        assertThat(subject.ready().predict()).isEqualTo(Subject.FIRST_ANSWER);
    }

    @Test
    void deletionLeavesNothing() throws Exception {
        var subject = subject("doomed").served(MODEL);
        assertThat(subject.replicas()).hasSize(1);
        assertThat(podDirectories("doomed")).hasSize(1);
        marea.cli("delete", "doomed").ok();
        Marea.await("no replica", LIMIT, () -> subject.replicas().isEmpty());
        Marea.await(
                "no object",
                LIMIT,
                () ->
                        subject.owned(
                                        "deployments,replicasets,pods,services,endpointslices,controllerrevisions")
                                .isEmpty());
        Marea.await("no pod directory", LIMIT, () -> podDirectories("doomed").isEmpty());
    }

    @Test
    void theBoundsOfScaleMakeNoRevision() throws Exception {
        var subject = subject("bounded").served(MODEL);
        var first = subject.replicas();
        subject.patch("{\"spec\":{\"predictor\":{\"minReplicas\":2,\"maxReplicas\":3}}}");
        Marea.await("two replicas", LIMIT, () -> subject.replicas().size() == 2);
        assertThat(subject.replicas()).containsAll(first);
        assertThat(subject.owned("controllerrevisions")).hasSize(1);
        assertThat(subject.field(".status.components.predictor.latestCreatedRevision"))
                .isEqualTo("bounded-predictor-00001");
    }

    @Test
    void aChangedEnvironmentMakesARevisionWithoutAnError() throws Exception {
        var subject = subject("renewed").served(MODEL);
        try (var traffic = new Traffic(subject.predictUrl(), Subject.FLOWERS)) {
            traffic.startAt(50);
            subject.patch(
                    "{\"spec\":{\"predictor\":{\"model\":{\"env\":[{\"name\":\"TIDE\",\"value\":\"high\"}]}}}}");
            subject.awaitField(
                    ".status.components.predictor.latestRolledoutRevision",
                    "renewed-predictor-00002");
            Marea.await("the old replica is gone", LIMIT, () -> subject.replicas().size() == 1);
            TimeUnit.SECONDS.sleep(1);
            assertThat(traffic.total()).isGreaterThan(50);
            assertThat(traffic.errors()).isEmpty();
        }
    }

    @Test
    void aBadRevisionLeavesTheOldOneServingAndSaysWhy() throws Exception {
        var subject = subject("steady").served(MODEL);
        subject.patch(
                "{\"spec\":{\"predictor\":{\"model\":{\"storageUri\":\"file:///srv/no-such-model\"}}}}");
        subject.awaitField(".status.conditions[*].message", "/srv/no-such-model");
        assertThat(subject.field(".status.components.predictor.latestReadyRevision"))
                .isEqualTo("steady-predictor-00001");
        assertThat(subject.predict()).isEqualTo(Subject.FIRST_ANSWER);
        assertThat(marea.cli("get", "steady", "-o", "wide").ok()).contains("/srv/no-such-model");
    }

    private Subject subject(String name) {
        return new Subject(marea, name);
    }

    private List<String> podDirectories(String service) {
        try (var entries = Files.list(marea.home().resolve("pods"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(entry -> entry.startsWith("default_" + service + "-"))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
