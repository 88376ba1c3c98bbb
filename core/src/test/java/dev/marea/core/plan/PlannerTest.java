package dev.marea.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.ServiceStatus.ConditionType;
import dev.marea.core.plan.ServiceStatus.ModelState;
import dev.marea.core.plan.ServiceStatus.Transition;
import dev.marea.core.spec.Autoscaling.Scaler;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The revision machine, row by row: created, ready, rolled out, previous, traffic. */
class PlannerTest {
    private static final Duration A_WHILE = Duration.ofSeconds(6);

    private final Harbour harbour = new Harbour();

    @ParameterizedTest
    @EnumSource(DeploymentMode.class)
    void theFirstApplyTakesAllTrafficOnceItIsReady(DeploymentMode mode) {
        harbour.mode(mode).apply("m1");
        assertThat(harbour.row()).isEqualTo("r1 - - - []");
        assertThat(harbour.shares()).as("requests wait for it").isEqualTo("r1=100");
        harbour.ready("m1");
        assertThat(harbour.row()).isEqualTo("r1 r1 r1 - [r1*100]");
    }

    @ParameterizedTest
    @EnumSource(DeploymentMode.class)
    void aChangedSpecTakesOverOnlyWhenItIsReady(DeploymentMode mode) {
        harbour.mode(mode).apply("m1").ready("m1").apply("m2");
        assertThat(harbour.row()).isEqualTo("r2 r1 r1 - [r1*100]");
        assertThat(harbour.ready()).isEqualTo("Unknown/Progressing");
        harbour.ready("m2");
        assertThat(harbour.row()).isEqualTo("r2 r2 r2 r1 [r2*100]");
        assertThat(harbour.ready()).isEqualTo("True/Ready");
    }

    @ParameterizedTest
    @EnumSource(DeploymentMode.class)
    void aPercentageSplitsBetweenTheNewAndTheRolledOut(DeploymentMode mode) {
        harbour.mode(mode).apply("m1").ready("m1").apply("m2", 10);
        assertThat(harbour.row()).isEqualTo("r2 r1 r1 - [r1*100]");
        harbour.ready("m2");
        assertThat(harbour.row()).isEqualTo("r2 r2 r1 - [r2*10+r190:prev]");
    }

    @Test
    void readyIsNotSaidWhileNobodyCanReachTheService() {
        harbour.apply("m1").ready("m1");
        var refused = Exposure.no(Reason.INGRESS_NOT_ACCEPTED, "no IngressClass nginx");
        harbour.exposed(refused);
        assertThat(harbour.ready()).isEqualTo("False/IngressNotAccepted");

        harbour.exposed(Exposure.IN_FORCE.with(List.of("a.b belongs to x/y")));
        assertThat(harbour.ready()).isEqualTo("True/Ready");
        assertThat(harbour.last.status().condition(ConditionType.HOST_CONFLICT))
                .hasValueSatisfying(c -> assertThat(c.message()).contains("x/y"));
    }

    @Test
    void removingThePercentagePromotes() {
        harbour.apply("m1").ready("m1").apply("m2", 10).ready("m2").apply("m2");
        assertThat(harbour.row()).isEqualTo("r2 r2 r2 r1 [r2*100]");
    }

    @Test
    void aPercentageOf100Promotes() {
        harbour.apply("m1").ready("m1").apply("m2", 10).ready("m2").apply("m2", 100);
        assertThat(harbour.row()).isEqualTo("r2 r2 r2 r1 [r2*100]");
    }

    @Test
    void aPercentageOf0RollsBackAndKeepsTheSpec() {
        harbour.apply("m1").ready("m1").apply("m2", 10).ready("m2").apply("m2", 0);
        assertThat(harbour.row()).isEqualTo("r2 r2 r1 - [r2*0+r1100:prev]");
    }

    @Test
    void aPercentageOnWhatIsAlreadyRolledOutGoesBackToTheOneBefore() {
        harbour.apply("m1").ready("m1").apply("m2").ready("m2").after(A_WHILE);
        assertThat(harbour.deployments()).isEqualTo("r1=0 r2=1");
        harbour.apply("m2", 20);
        assertThat(harbour.row())
                .as("the one before is asleep and gets nothing before it is up")
                .isEqualTo("r2 r2 r1 r1 [r2*100]");
        harbour.ready("m1");
        assertThat(harbour.row()).isEqualTo("r2 r2 r1 r1 [r2*20+r180:prev]");
    }

    @Test
    void aPercentageOnAFirstApplyHasNothingToSplitWith() {
        harbour.apply("m1", 10).ready("m1");
        assertThat(harbour.row()).isEqualTo("r1 r1 r1 - [r1*100]");
        assertThat(harbour.after(A_WHILE).row()).isEqualTo("r1 r1 r1 - [r1*100]");
    }

    @ParameterizedTest
    @EnumSource(DeploymentMode.class)
    void theSeedsCanarySplitsOnFirstApply(DeploymentMode mode) {
        harbour.mode(mode).applyBeside("m1", "m2", 10);
        assertThat(harbour.row()).isEqualTo("r2 - - - []");
        assertThat(harbour.deployments()).isEqualTo("r1=1 r2=1");
        harbour.ready("m1");
        assertThat(harbour.row()).isEqualTo("r2 r1 r1 - [r1*100]");
        harbour.ready("m2");
        assertThat(harbour.row()).isEqualTo("r2 r2 r1 - [r2*10+r190:prev]");
        assertThat(harbour.ready()).isEqualTo("True/Ready");
    }

    @Test
    void aCanaryThatIsReadyFirstWaitsForTheStableOne() {
        harbour.applyBeside("m1", "m2", 10).ready("m2");
        assertThat(harbour.row()).isEqualTo("r2 r2 - - []");
        assertThat(harbour.shares()).isEqualTo("r1=100");
        assertThat(harbour.ready("m1").row()).isEqualTo("r2 r2 r1 - [r2*10+r190:prev]");
    }

    @Test
    void promotingTheSeedsCanaryRestartsNothing() {
        harbour.applyBeside("m1", "m2", 10).ready("m1").ready("m2");
        harbour.apply("m2");
        assertThat(harbour.row()).isEqualTo("r2 r2 r2 r1 [r2*100]");
        assertThat(harbour.last.create()).isEmpty();
        assertThat(harbour.deployments()).as("the old one drains").isEqualTo("r1=1 r2=1");
        assertThat(harbour.after(A_WHILE).deployments()).isEqualTo("r1=0 r2=1");
    }

    @Test
    void rollingTheSeedsCanaryBackLeavesTheStableOneUntouched() {
        harbour.applyBeside("m1", "m2", 10).ready("m1").ready("m2").apply("m1");
        assertThat(harbour.row()).isEqualTo("r1 r1 r1 - [r1*100]");
        assertThat(harbour.after(A_WHILE).deployments()).isEqualTo("r1=1 r2=-");
    }

    @Test
    void aBlockBesideAnOlderServiceRollsTheStableOneFirst() {
        harbour.apply("m0").ready("m0").applyBeside("m1", "m2", 10);
        assertThat(harbour.row()).isEqualTo("r3 r1 r1 - [r1*100]");
        harbour.ready("m2");
        assertThat(harbour.shares()).isEqualTo("r1=100");
        harbour.ready("m1");
        assertThat(harbour.row()).isEqualTo("r3 r3 r2 r1 [r3*10+r290:prev]");
    }

    @Test
    void anAilingCanaryGivesItsTrafficBack() {
        harbour.applyBeside("m1", "m2", 10).ready("m1").ready("m2");
        harbour.fails("m2", Reason.RUNTIME_UNHEALTHY, "exit 1");
        assertThat(harbour.shares()).isEqualTo("r1=100");
        assertThat(harbour.status().servable()).isTrue();
        assertThat(harbour.ready("m2").shares()).isEqualTo("r2=10 r1=90");

        var percent = new Harbour().apply("m1").ready("m1").apply("m2", 10).ready("m2");
        percent.fails("m2", Reason.RUNTIME_UNHEALTHY, "exit 1");
        assertThat(percent.shares()).isEqualTo("r1=100");
        assertThat(percent.ready("m2").shares()).isEqualTo("r2=10 r1=90");
    }

    @Test
    void aStableRevisionThatBlinksKeepsItsShare() {
        harbour.applyBeside("m1", "m2", 10).ready("m1").ready("m2").vanishes("m1");
        assertThat(harbour.shares()).isEqualTo("r2=10 r1=90");
        assertThat(harbour.ready()).isEqualTo("Unknown/Progressing");
    }

    @Test
    void aFailedCandidateNeverTakesTrafficAndTheOldOneServesOn() {
        harbour.apply("m1").ready("m1").apply("m2");
        harbour.fails("m2", Reason.MODEL_LOAD_FAILED, "no model file in /mnt/models");
        assertThat(harbour.row()).isEqualTo("r2 r1 r1 - [r1*100]");
        assertThat(harbour.ready()).isEqualTo("False/ModelLoadFailed");
        var model = harbour.status().model();
        assertThat(model.transition()).isEqualTo(Transition.BLOCKED_BY_FAILED_LOAD);
        assertThat(model.active()).contains(ModelState.LOADED);
        assertThat(model.target()).contains(ModelState.FAILED_TO_LOAD);
        assertThat(model.lastFailure().orElseThrow().message()).contains("no model file");
        assertThat(model.lastFailure().orElseThrow().revision()).contains("iris-predictor-00002");
        assertThat(model.copies()).contains(new ServiceStatus.Copies(1, 1));
        assertThat(harbour.status().servable()).isTrue();

        harbour.apply("m3").ready("m3");
        assertThat(harbour.row()).isEqualTo("r3 r3 r3 r1 [r3*100]");
        assertThat(harbour.deployments())
                .as("what never was ready has nothing to drain")
                .isEqualTo("r1=1 r2=- r3=1");
    }

    @Test
    void goingBackToAKeptRevisionMakesNoNewOne() {
        harbour.apply("m1").ready("m1").apply("m2").ready("m2").after(A_WHILE).apply("m1");
        assertThat(harbour.row()).isEqualTo("r1 r2 r2 r1 [r2*100]");
        harbour.ready("m1");
        assertThat(harbour.row()).isEqualTo("r1 r1 r1 r2 [r1*100]");
    }

    @Test
    void aCanaryKeepsItsShareWhileItsSuccessorStarts() {
        harbour.apply("m1").ready("m1").apply("m2", 30).ready("m2").apply("m3", 30);
        assertThat(harbour.row()).isEqualTo("r3 r2 r1 - [r2*30+r170:prev]");
        assertThat(harbour.apply("m3", 5).shares()).isEqualTo("r2=5 r1=95");
        assertThat(harbour.ready("m3").row()).isEqualTo("r3 r3 r1 - [r3*5+r195:prev]");
    }

    @Test
    void removingThePercentageWithANewSpecPromotesNobodyUnasked() {
        harbour.apply("m1").ready("m1").apply("m2", 30).ready("m2").apply("m3");
        assertThat(harbour.shares()).isEqualTo("r2=30 r1=70");
        assertThat(harbour.ready("m3").row()).isEqualTo("r3 r3 r3 r1 [r3*100]");
    }

    @Test
    void onlyALimitedHistoryIsKept() {
        for (int i = 1; i <= 6; i++) {
            harbour.apply("m" + i).ready("m" + i).after(A_WHILE);
        }
        assertThat(harbour.deployments()).isEqualTo("r4=- r5=0 r6=1");
        assertThat(harbour.apply("m1").row()).startsWith("r7 ");
    }

    @Test
    void theFirstDeploymentProvesItselfWithOneReplicaEvenWithAMinimumOfZero() {
        harbour.scale(0, 3).apply("m1");
        assertThat(harbour.last.run().getFirst().component().scale().min()).isEqualTo(1);
        harbour.ready("m1");
        assertThat(harbour.last.run().getFirst().component().scale().min()).isZero();
    }

    @Test
    void aSleepingServiceStaysReadyAndStandsBy() {
        harbour.scale(0, 3).apply("m1").ready("m1").sleeps("m1");
        assertThat(harbour.ready()).isEqualTo("True/Ready");
        assertThat(harbour.status().servable()).isTrue();
        assertThat(harbour.status().model().active()).contains(ModelState.STANDBY);
        assertThat(harbour.row()).isEqualTo("r1 r1 r1 - [r1*100]");
    }

    @Test
    void aServiceThatWakesStaysReadyUnlessItsReplicaIsInTrouble() {
        harbour.scale(0, 3).apply("m1").ready("m1").sleeps("m1").vanishes("m1");
        assertThat(harbour.ready()).isEqualTo("True/Ready");
        assertThat(harbour.status().model().transition()).isEqualTo(Transition.UP_TO_DATE);
        harbour.fails("m1", Reason.MODEL_LOAD_FAILED, "the file is gone");
        assertThat(harbour.ready()).isEqualTo("False/ModelLoadFailed");
    }

    @Test
    void zeroReplicasAreAnOutageWhereSomebodyElseScales() {
        harbour.scale(0, 3).scaler(Scaler.EXTERNAL).apply("m1").ready("m1").sleeps("m1");
        assertThat(harbour.ready()).isEqualTo("Unknown/Progressing");
    }

    @Test
    void stoppingRemovesWhatRunsAndKeepsTheMemory() {
        harbour.mode(DeploymentMode.STANDARD).apply("m1").ready("m1").stop(true);
        assertThat(harbour.conditions())
                .isEqualTo(
                        "IngressReady=False/Stopped PredictorReady=False/Stopped Ready=False/Stopped"
                                + " Stopped=True/Stopped");
        assertThat(harbour.deployments()).isEqualTo("r1=-");
        assertThat(harbour.last.shares()).isEmpty();
        harbour.stop(false);
        assertThat(harbour.deployments()).isEqualTo("r1=1");
        assertThat(harbour.ready("m1").row()).isEqualTo("r1 r1 r1 - [r1*100]");
        assertThat(harbour.status().condition(ConditionType.STOPPED)).isEmpty();
    }

    @Test
    void aServiceThatIsBornStoppedMakesNothing() {
        var born = new Harbour().stop(true);
        assertThat(born.last.create()).isEmpty();
        assertThat(born.deployments()).isEmpty();
    }

    @Test
    void aSpecThatCannotRunLeavesWhatRunsAlone() {
        harbour.apply("m1")
                .ready("m1")
                .unrunnable(Reason.NO_SUPPORTING_RUNTIME, "no runtime serves x");
        assertThat(harbour.shares()).isEqualTo("r1=100");
        assertThat(harbour.deployments()).isEqualTo("r1=1");
        assertThat(harbour.ready()).isEqualTo("False/NoSupportingRuntime");
        assertThat(harbour.status().model().transition()).isEqualTo(Transition.INVALID_SPEC);
        assertThat(harbour.status().servable()).isTrue();
        assertThat(harbour.last.run())
                .extracting(Plan.Run::revision)
                .containsExactly("iris-predictor-00001");
    }

    @Test
    void aLostStatusDoesNotLoseTheTraffic() {
        harbour.apply("m1").ready("m1").apply("m2").forgetStatus();
        assertThat(harbour.shares()).isEqualTo("r1=100");
    }

    @Test
    void knativesSpellingHasFiveConditionsAndStandardsThree() {
        harbour.apply("m1").ready("m1");
        assertThat(harbour.conditions())
                .isEqualTo(
                        "IngressReady=True/Ready PredictorConfigurationReady=True/Ready"
                                + " PredictorReady=True/Ready PredictorRouteReady=True/Ready"
                                + " Ready=True/Ready");
        var standard = new Harbour().mode(DeploymentMode.STANDARD).apply("m1").ready("m1");
        assertThat(standard.conditions())
                .isEqualTo("IngressReady=True/Ready PredictorReady=True/Ready Ready=True/Ready");
    }

    @Test
    void aConditionsTimeMovesOnlyWithItsTruth() {
        harbour.apply("m1").ready("m1");
        var since = harbour.status().condition(ConditionType.READY).orElseThrow().since();
        harbour.after(A_WHILE).apply("m1");
        assertThat(harbour.status().condition(ConditionType.READY).orElseThrow().since())
                .isEqualTo(since);
        assertThat(harbour.status().observedGeneration()).isEqualTo(2);
    }

    @Test
    void aPodThatFindsNoPlaceIsNotAFailureYet() {
        harbour.apply("m1").fails("m1", Reason.UNSCHEDULABLE, "0 of 3 nodes have room");
        assertThat(harbour.ready()).isEqualTo("Unknown/Unschedulable");
        assertThat(harbour.status().model().transition()).isEqualTo(Transition.IN_PROGRESS);
    }

    @Test
    void planningTwiceFromTheSameWorldSaysTheSame() {
        harbour.applyBeside("m1", "m2", 10).ready("m1").ready("m2").after(A_WHILE);
        var first = harbour.last;
        assertThat(harbour.step().last).isEqualTo(first);
        assertThat(first.recheck()).isEmpty();
    }
}
