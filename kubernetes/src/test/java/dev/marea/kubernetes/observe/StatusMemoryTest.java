package dev.marea.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.plan.ServiceStatus.ComponentStatus;
import dev.marea.core.plan.ServiceStatus.Condition;
import dev.marea.core.plan.ServiceStatus.ConditionType;
import dev.marea.core.plan.ServiceStatus.ModelStatus;
import dev.marea.core.plan.ServiceStatus.Scaled;
import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.core.plan.ServiceStatus.Transition;
import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.StatusTree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusMemoryTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    void whatMustBeRememberedSurvivesWritingAndReading() {
        var told =
                new ServiceStatus(
                        7,
                        DeploymentMode.STANDARD,
                        Optional.of("http://iris-demo.localhost"),
                        Optional.of("http://127.0.0.1/serving/demo/iris"),
                        Optional.empty(),
                        List.of(
                                new Condition(
                                        ConditionType.READY,
                                        Truth.FALSE,
                                        false,
                                        Reason.MODEL_LOAD_FAILED,
                                        "no file",
                                        NOON)),
                        new ComponentStatus(
                                Optional.of("http://iris-demo.localhost"),
                                Optional.empty(),
                                Optional.of("r3"),
                                Optional.of("r2"),
                                Optional.of("r1"),
                                Optional.of("r0"),
                                List.of(
                                        new Traffic("r2", true, new Percent(10), Optional.empty()),
                                        new Traffic(
                                                "r1",
                                                false,
                                                new Percent(90),
                                                Optional.of("prev")))),
                        new ModelStatus(
                                Transition.IN_PROGRESS,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        List.of(),
                        true,
                        List.of(),
                        List.of(new Scaled("r1", 2, "load", NOON)));
        var read = StatusMemory.of(StatusTree.of(told)).orElseThrow();
        assertThat(read.predictor()).isEqualTo(told.predictor());
        assertThat(read.conditions()).isEqualTo(told.conditions());
        assertThat(read.scaling()).isEqualTo(told.scaling());
        assertThat(read.observedGeneration()).isEqualTo(7);
    }

    @Test
    void noStatusIsNoMemoryAndNonsenseIsLeftOut() {
        assertThat(StatusMemory.of(Json.Obj.EMPTY)).isEmpty();
        var odd =
                Json.Obj.of(
                        "conditions",
                                List.of(Json.Obj.of("type", "Ready", "lastTransitionTime", "soon")),
                        "components",
                                Json.Obj.of(
                                        "predictor",
                                        Json.Obj.of(
                                                "traffic",
                                                List.of(
                                                        Json.Obj.of(
                                                                "revisionName",
                                                                "r",
                                                                "percent",
                                                                900)))));
        var read = StatusMemory.of(odd).orElseThrow();
        assertThat(read.conditions()).isEmpty();
        assertThat(read.predictor().traffic()).isEmpty();
    }
}
