package dev.marea.kubernetes.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Scale;
import dev.marea.core.spec.ServiceId;
import dev.marea.core.spec.Workload;
import dev.marea.kubernetes.scaling.ScalingLoop.Seen;
import dev.marea.kubernetes.scaling.ScalingLoop.Steered;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScalingLoopTest {
    private static final ServiceId IRIS = new ServiceId("demo", "iris");

    private Instant now = Instant.parse("2026-11-25T00:00:00Z");
    private final List<String> writes = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private CompletableFuture<Json.Obj> answer = answered(100);
    private final ScalingLoop loop =
            new ScalingLoop(
                    () -> now,
                    (namespace, name, replicas) -> {
                        writes.add(namespace + "/" + name + "=" + replicas);
                        return answer;
                    },
                    (_, from, scaled) -> told.add(from + "->" + scaled.replicas()));

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void aWaitingRequestWakesASleepingRevisionOnItsOwnThread() {
        steer(0, 3, new Seen(0, 0, true, 1));
        loop.accept(report(1));
        assertThat(writes).containsExactly("demo/r1=1");
        assertThat(told).containsExactly("0->1");
        assertThat(loop.told(IRIS))
                .singleElement()
                .satisfies(s -> assertThat(s.reason()).contains("1 request waits"));
    }

    @Test
    void aHerdOfReportsWritesOnce() {
        answer = new CompletableFuture<>();
        steer(0, 3, new Seen(0, 0, true, 1));
        for (int i = 1; i < 50; i++) {
            loop.accept(report(i));
        }
        assertThat(writes).containsExactly("demo/r1=1");
        answer.complete(scale(5));
        loop.accept(report(50));
        loop.tick();
        assertThat(writes).containsExactly("demo/r1=1");
    }

    @Test
    void olderNewsOfTheDeploymentDoNotUndoWhatWasWritten() {
        steer(0, 3, new Seen(0, 0, true, 1));
        loop.accept(report(1));
        steer(0, 3, new Seen(0, 0, true, 2));
        loop.accept(report(1));
        assertThat(writes).hasSize(1);
        steer(0, 3, new Seen(0, 0, true, 200));
        loop.accept(report(1));
        assertThat(writes).as("somebody really scaled it to zero since").hasSize(2);
    }

    @Test
    void aFailedWriteIsTriedAgainAtTheNextStep() {
        answer = CompletableFuture.failedFuture(new IOException("no API"));
        steer(0, 3, new Seen(0, 0, true, 1));
        loop.accept(report(1));
        assertThat(told).isEmpty();
        answer = answered(9);
        now = now.plusSeconds(2);
        loop.tick();
        assertThat(writes).containsExactly("demo/r1=1", "demo/r1=1");
        assertThat(told).containsExactly("0->1");
    }

    @Test
    void aRaisedMinimumIsAppliedAtOnce() {
        steer(1, 3, new Seen(1, 1, true, 1));
        assertThat(writes).isEmpty();
        steer(2, 3, new Seen(1, 1, true, 1));
        assertThat(writes).containsExactly("demo/r1=2");
    }

    @Test
    void aRevisionThatIsNoLongerOursIsLeftAlone() {
        steer(0, 3, new Seen(0, 0, true, 1));
        loop.steer(IRIS, List.of(), List.of());
        loop.accept(report(1));
        loop.tick();
        assertThat(writes).isEmpty();
    }

    @Test
    void aQuietServiceGoesToSleep() {
        steer(0, 3, new Seen(1, 1, true, 1));
        for (int second = 0; second < 150 && writes.isEmpty(); second++) {
            now = now.plus(Duration.ofSeconds(1));
            loop.accept(new LoadReport("g", List.of()));
            loop.tick();
        }
        assertThat(writes).containsExactly("demo/r1=0");
    }

    private void steer(int min, int max, Seen seen) {
        loop.steer(IRIS, List.of(new Steered("r1", component(min, max), seen)), List.of());
    }

    private static LoadReport report(int waiting) {
        return new LoadReport(
                "g", List.of(new RevisionLoad(IRIS, "r1", waiting, waiting, waiting)));
    }

    private static Component component(int min, int max) {
        return new Component(
                new Workload.Custom(),
                new Scale(min, max),
                Autoscaling.DEFAULT,
                0,
                Component.DEFAULT_TIMEOUT);
    }

    private static CompletableFuture<Json.Obj> answered(long version) {
        return CompletableFuture.completedFuture(scale(version));
    }

    private static Json.Obj scale(long version) {
        return Json.Obj.of("metadata", Json.Obj.of("resourceVersion", Long.toString(version)));
    }
}
