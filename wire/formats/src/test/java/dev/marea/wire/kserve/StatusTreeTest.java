package dev.marea.wire.kserve;

import static dev.marea.wire.kserve.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.plan.ServiceStatus.ComponentStatus;
import dev.marea.core.plan.ServiceStatus.Condition;
import dev.marea.core.plan.ServiceStatus.ConditionType;
import dev.marea.core.plan.ServiceStatus.Copies;
import dev.marea.core.plan.ServiceStatus.Failure;
import dev.marea.core.plan.ServiceStatus.ModelState;
import dev.marea.core.plan.ServiceStatus.ModelStatus;
import dev.marea.core.plan.ServiceStatus.RuntimeRef;
import dev.marea.core.plan.ServiceStatus.Scaled;
import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.core.plan.ServiceStatus.Transition;
import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StatusTreeTest {
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05.678Z");

    private static Condition condition(
            ConditionType type, Truth truth, Reason reason, String text) {
        return new Condition(type, truth, type == ConditionType.STOPPED, reason, text, SINCE);
    }

    @Test
    void aCanarysStatusIsWhatClientsOfKServeIndex() {
        var status =
                new ServiceStatus(
                        7,
                        DeploymentMode.KNATIVE,
                        Optional.of("http://iris-demo.localhost:8080"),
                        Optional.of("http://gateway/serving/demo/iris"),
                        Optional.of(new RuntimeRef("kserve-sklearnserver", true)),
                        List.of(
                                condition(ConditionType.READY, Truth.TRUE, Reason.READY, ""),
                                condition(
                                        ConditionType.PREDICTOR_READY,
                                        Truth.TRUE,
                                        Reason.READY,
                                        ""),
                                condition(
                                        ConditionType.INGRESS_READY,
                                        Truth.FALSE,
                                        Reason.STOPPED,
                                        "why"),
                                condition(ConditionType.STOPPED, Truth.TRUE, Reason.STOPPED, "")),
                        new ComponentStatus(
                                Optional.of("http://iris-predictor-demo.localhost:8080"),
                                Optional.of("http://iris-predictor.demo"),
                                Optional.of("iris-predictor-00002"),
                                Optional.of("iris-predictor-00002"),
                                Optional.of("iris-predictor-00001"),
                                Optional.empty(),
                                List.of(
                                        new Traffic(
                                                "iris-predictor-00002",
                                                true,
                                                new Percent(10),
                                                Optional.empty()),
                                        new Traffic(
                                                "iris-predictor-00001",
                                                false,
                                                new Percent(90),
                                                Optional.of("prev")))),
                        new ModelStatus(
                                Transition.UP_TO_DATE,
                                Optional.of(ModelState.LOADED),
                                Optional.of(ModelState.LOADED),
                                Optional.of(new Copies(2, 0)),
                                Optional.empty()),
                        List.of(),
                        true,
                        List.of("mind this"),
                        List.of(
                                new Scaled(
                                        "iris-predictor-00002", 1, "in flight 3 of 100", SINCE)));

        assertThat(StatusTree.of(status).toString())
                .isEqualTo(
                        yaml("""
                        observedGeneration: 7
                        deploymentMode: Knative
                        url: http://iris-demo.localhost:8080
                        address: {url: "http://gateway/serving/demo/iris"}
                        clusterServingRuntimeName: kserve-sklearnserver
                        conditions:
                          - {type: IngressReady, status: "False", reason: Stopped, message: why, lastTransitionTime: "2026-01-02T03:04:05Z"}
                          - {type: PredictorReady, status: "True", reason: Ready, lastTransitionTime: "2026-01-02T03:04:05Z"}
                          - {type: Ready, status: "True", reason: Ready, lastTransitionTime: "2026-01-02T03:04:05Z"}
                          - {type: Stopped, status: "True", severity: Info, reason: Stopped, lastTransitionTime: "2026-01-02T03:04:05Z"}
                        components:
                          predictor:
                            url: http://iris-predictor-demo.localhost:8080
                            restUrl: http://iris-predictor-demo.localhost:8080
                            address: {url: "http://iris-predictor.demo"}
                            latestCreatedRevision: iris-predictor-00002
                            latestReadyRevision: iris-predictor-00002
                            latestRolledoutRevision: iris-predictor-00001
                            traffic:
                              - {revisionName: iris-predictor-00002, latestRevision: true, percent: 10}
                              - {revisionName: iris-predictor-00001, latestRevision: false, percent: 90, tag: prev}
                        modelStatus:
                          transitionStatus: UpToDate
                          states: {activeModelState: Loaded, targetModelState: Loaded}
                          copies: {totalCopies: 2, failedCopies: 0}
                        marea:
                          servable: true
                          warnings: [mind this]
                          scaling:
                            - {revision: iris-predictor-00002, replicas: 1, reason: in flight 3 of 100, time: "2026-01-02T03:04:05Z"}
                        """)
                                .toString());
    }

    @Test
    void aFailureIsToldInFullAndWhatIsEmptyIsLeftOut() {
        var status =
                new ServiceStatus(
                        1,
                        DeploymentMode.STANDARD,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new RuntimeRef("mine", false)),
                        List.of(),
                        ComponentStatus.NONE,
                        new ModelStatus(
                                Transition.BLOCKED_BY_FAILED_LOAD,
                                Optional.empty(),
                                Optional.of(ModelState.FAILED_TO_LOAD),
                                Optional.of(new Copies(0, 1)),
                                Optional.of(
                                        new Failure(
                                                Reason.MODEL_LOAD_FAILED,
                                                "no such file",
                                                OptionalInt.of(1),
                                                Optional.of("iris-predictor-00001-abc"),
                                                Optional.of("iris-predictor-00001"),
                                                Optional.of(SINCE)))),
                        List.of(),
                        false,
                        List.of(),
                        List.of());

        assertThat(StatusTree.of(status))
                .isEqualTo(
                        yaml(
                                """
                                observedGeneration: 1
                                deploymentMode: Standard
                                servingRuntimeName: mine
                                conditions: []
                                modelStatus:
                                  transitionStatus: BlockedByFailedLoad
                                  states: {activeModelState: "", targetModelState: FailedToLoad}
                                  copies: {totalCopies: 0, failedCopies: 1}
                                  lastFailureInfo: {reason: ModelLoadFailed, message: no such file, exitCode: 1, location: iris-predictor-00001-abc, modelRevisionName: iris-predictor-00001, time: "2026-01-02T03:04:05Z"}
                                marea: {servable: false}
                                """));
    }
}
