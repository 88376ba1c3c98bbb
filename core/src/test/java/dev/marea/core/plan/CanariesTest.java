package dev.marea.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.core.plan.Harbour.Canary;
import dev.marea.core.plan.ServiceStatus.CanaryStatus;
import dev.marea.core.plan.ServiceStatus.ModelState;
import dev.marea.core.plan.ServiceStatus.Transition;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** KServe's named canaries: {@code spec.canary}. */
class CanariesTest {
    private static final Duration A_WHILE = Duration.ofSeconds(6);

    private final Harbour harbour = new Harbour();

    private static Canary v2(int percent) {
        return Canary.of("v2", "m2", percent);
    }

    private static Canary v3(int percent) {
        return Canary.of("v3", "m3", percent);
    }

    @ParameterizedTest
    @EnumSource(DeploymentMode.class)
    void aNamedCanaryTakesItsShareOnceItIsReady(DeploymentMode mode) {
        harbour.mode(mode).apply("m1").ready("m1").applyCanaries("m1", v2(10));
        assertThat(harbour.row()).isEqualTo("r2 r1 r1 - [r1*100]");
        assertThat(harbour.last.run())
                .extracting(Plan.Run::revision)
                .containsExactly("iris-predictor-00001", "iris-v2-predictor-00002");
        harbour.ready("m2");
        assertThat(harbour.row()).isEqualTo("r2 r2 r1 - [r2*10+r190:prev]");
    }

    @Test
    void aNamedCanaryDoesNotKeepTheServiceFromBeingReady() {
        harbour.mode(DeploymentMode.STANDARD).apply("m1").ready("m1").applyCanaries("m1", v2(10));
        assertThat(harbour.conditions())
                .isEqualTo(
                        "CanaryPredictorReady=Unknown/CanariesNotReady IngressReady=True/Ready"
                                + " PredictorReady=True/Ready Ready=True/Ready");
        assertThat(harbour.canaries())
                .isEqualTo(
                        "Unknown/CanariesNotReady canary v2: revision iris-v2-predictor-00002 is starting: 0 of 1 replicas ready");
        harbour.ready("m2");
        assertThat(harbour.canaries()).isEqualTo("True/AllCanariesReady ");
        harbour.apply("m1");
        assertThat(harbour.canaries()).as("cleared without a canary").isEqualTo("none");
    }

    @Test
    void aFailedCanaryHasNoTrafficAndSaysWhy() {
        harbour.apply("m1").ready("m1").applyCanaries("m1", v2(10));
        harbour.fails("m2", Reason.MODEL_LOAD_FAILED, "no model file in /mnt/models");
        assertThat(harbour.row()).isEqualTo("r2 r1 r1 - [r1*100]");
        assertThat(harbour.ready()).isEqualTo("True/Ready");
        assertThat(harbour.canaries())
                .isEqualTo("False/CanariesNotReady canary v2: no model file in /mnt/models");
        assertThat(harbour.status().model().transition()).isEqualTo(Transition.UP_TO_DATE);
        assertThat(harbour.status().canaries())
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.ready()).isFalse();
                    assertThat(c.percent()).isEqualTo(Percent.NONE);
                    assertThat(c.model().target()).contains(ModelState.FAILED_TO_LOAD);
                    assertThat(c.model().lastFailure().orElseThrow().message())
                            .contains("no model file");
                });
    }

    @Test
    void aCanaryThatNoRuntimeServesLeavesTheOthersAlone() {
        var unfit = new Asked.Unfit(Reason.NO_SUPPORTING_RUNTIME, "no runtime serves x");
        harbour.apply("m1")
                .ready("m1")
                .applyCanaries("m1", new Canary("v2", unfit, new Percent(20)), v3(30))
                .ready("m3");
        assertThat(harbour.shares()).isEqualTo("r2=30 r1=70");
        assertThat(harbour.canaries())
                .isEqualTo("False/CanariesNotReady canary v2: no runtime serves x");
        assertThat(harbour.status().canaries())
                .extracting(CanaryStatus::name, CanaryStatus::ready)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("v2", false),
                        org.assertj.core.groups.Tuple.tuple("v3", true));
    }

    @Test
    void severalCanariesSplitAndTheStableOneTakesWhatIsLeft() {
        harbour.apply("m1").ready("m1").applyCanaries("m1", v2(10), v3(25));
        assertThat(harbour.ready("m2").row()).isEqualTo("r3 r2 r1 - [r2*10+r190:prev]");
        assertThat(harbour.ready("m3").row()).isEqualTo("r3 r3 r1 - [r210+r3*25+r165:prev]");
        assertThat(harbour.status().canaries())
                .extracting(CanaryStatus::name, c -> c.percent().value())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("v2", 10),
                        org.assertj.core.groups.Tuple.tuple("v3", 25));
        harbour.fails("m2", Reason.RUNTIME_UNHEALTHY, "exit 1");
        assertThat(harbour.shares()).isEqualTo("r3=25 r1=75");
    }

    @Test
    void bothVersionsOfAFirstApplyStartAndTheCanaryWaitsForTheStableOne() {
        harbour.applyCanaries("m1", v2(10)).ready("m2");
        assertThat(harbour.shares()).isEqualTo("r1=100");
        assertThat(harbour.ready("m1").shares()).isEqualTo("r2=10 r1=90");
    }

    @Test
    void promotingByTheCanarysNameCreatesAndRestartsNothing() {
        harbour.apply("m1").ready("m1").applyCanaries("m1", v2(10)).ready("m2");
        harbour.named("v2").apply("m2");
        assertThat(harbour.last.create()).isEmpty();
        assertThat(harbour.row()).isEqualTo("r2 r2 r2 r1 [r2*100]");
        assertThat(harbour.status().predictor().latestRolledoutRevision())
                .contains("iris-v2-predictor-00002");
        assertThat(harbour.after(A_WHILE).deployments()).isEqualTo("r1=0 r2=1");
        assertThat(harbour.apply("m4").last.run())
                .extracting(Plan.Run::revision)
                .as("the next revision of a named predictor bears its name")
                .contains("iris-v2-predictor-00003");
    }

    @Test
    void aCanaryThatIsPromotedTakesOverWithAsManyReplicasAsItsPredecessorNeeds() {
        harbour.scale(10, 20).apply("m1").ready("m1").applyCanaries("m1", v2(10)).ready("m2");
        assertThat(harbour.deployments()).isEqualTo("r1=10 r2=1");
        harbour.named("v2").apply("m2");
        assertThat(harbour.shares()).as("one replica is not enough").isEqualTo("r2=10 r1=90");
        assertThat(harbour.last.run().get(1).component().scale().min()).isEqualTo(10);
        assertThat(harbour.grows("m2", 10).shares()).isEqualTo("r2=100");
    }

    @Test
    void removingACanaryGivesItsTrafficBackAndItsDeploymentGoes() {
        harbour.apply("m1").ready("m1").applyCanaries("m1", v2(10), v3(25));
        harbour.ready("m2").ready("m3").applyCanaries("m1", v3(25));
        assertThat(harbour.shares()).isEqualTo("r3=25 r1=75");
        assertThat(harbour.after(A_WHILE).deployments()).isEqualTo("r1=1 r2=- r3=1");
        assertThat(harbour.apply("m1").shares()).isEqualTo("r1=100");
        assertThat(harbour.after(A_WHILE).deployments()).isEqualTo("r1=1 r2=- r3=-");
    }

    @Test
    void aCanaryThatIsDroppedHasNoTrafficWhileANewStableOneStarts() {
        harbour.apply("m1").ready("m1").applyCanaries("m1", v2(10)).ready("m2").apply("m4");
        assertThat(harbour.shares()).isEqualTo("r1=100");
        assertThat(harbour.ready("m4").shares()).isEqualTo("r3=100");
    }

    @Test
    void stoppingDeletesBothAndStartingBringsBothBack() {
        harbour.mode(DeploymentMode.STANDARD)
                .apply("m1")
                .ready("m1")
                .applyCanaries("m1", v2(10))
                .ready("m2")
                .stop(true);
        assertThat(harbour.deployments()).isEqualTo("r1=- r2=-");
        assertThat(harbour.conditions())
                .startsWith("CanaryPredictorReady=False/Stopped IngressReady=False/Stopped");
        assertThat(harbour.stop(false).ready("m1").ready("m2").shares()).isEqualTo("r2=10 r1=90");
    }

    @ParameterizedTest
    @CsvSource({"10, 10, 1", "10, 15, 2", "1, 10, 1", "3, 100, 3", "3, 0, 0", "0, 50, 0"})
    void aCanaryHasItsPartOfTheReplicas(int min, int percent, int replicas) {
        assertThat(new dev.marea.core.spec.Scale(min, 20).part(new Percent(percent)).min())
                .isEqualTo(replicas);
    }

    @Test
    void withTagRoutingEveryVersionHasANameThatLeadsToIt() {
        harbour.tagRouting(true).apply("m1").ready("m1");
        assertThat(harbour.shares()).isEqualTo("r1=100[latest]");
        harbour.applyCanaries("m1", v2(10), v3(0)).ready("m2").ready("m3");
        assertThat(harbour.shares()).isEqualTo("r2=10[v2] r3=0[v3, latest] r1=90[prev]");
        assertThat(harbour.status().predictor().traffic())
                .extracting(t -> t.url().orElse(""))
                .containsExactly(
                        "http://v2-iris-demo.localhost:8080",
                        "http://v3-iris-demo.localhost:8080",
                        "http://prev-iris-demo.localhost:8080");
        harbour.tagRouting(false).step();
        assertThat(harbour.shares()).isEqualTo("r2=10 r3=0 r1=90");
        assertThat(harbour.row()).endsWith("[r210+r3*0+r190:prev]");
    }

    @Test
    void sharesAbove100AreNoRollout() {
        assertThatThrownBy(() -> harbour.applyCanaries("m1", v2(60), v3(41)))
                .hasMessageContaining("was 101");
    }

    /** Whatever is applied and whatever happens to pods, the sums and the promises hold. */
    @RepeatedTest(40)
    void whateverHappensTheSharesAddUpAndOnlyThoseThatServeAreGivenNewTraffic(RepetitionInfo run) {
        long seed = run.getCurrentRepetition();
        var chance = new Random(seed);
        harbour.apply("m1").ready("m1");
        for (int i = 0; i < 30; i++) {
            var before = harbour.last.shares();
            whatever(chance);
            var shares = harbour.last.shares();
            var context = "seed %d step %d: %s -> %s".formatted(seed, i, before, shares);
            assertThat(shares.stream().mapToInt(s -> s.percent().value()).sum())
                    .as(context)
                    .isEqualTo(100);
            assertThat(new HashSet<>(shares.stream().map(Plan.Share::revision).toList()))
                    .as(context)
                    .hasSameSizeAs(shares);
            assertThat(harbour.status().predictor().traffic())
                    .as(context)
                    .filteredOn(ServiceStatus.Traffic::latest)
                    .hasSizeLessThanOrEqualTo(1);
            var had = before.stream().map(Plan.Share::revision).toList();
            assertThat(shares)
                    .as(context)
                    .filteredOn(s -> s.percent().value() > 0 && !had.contains(s.revision()))
                    .allSatisfy(s -> assertThat(harbour.isReady(s.revision())).isTrue());
            var planned = harbour.last;
            assertThat(harbour.step().last.shares()).as(context).isEqualTo(planned.shares());
        }
    }

    private void whatever(Random chance) {
        var model = "m" + (1 + chance.nextInt(4));
        switch (chance.nextInt(6)) {
            case 0 -> harbour.apply(model);
            case 1 -> harbour.ready(model);
            case 2 -> harbour.fails(model, Reason.RUNTIME_UNHEALTHY, "exit 1");
            case 3 -> harbour.after(A_WHILE);
            case 4 -> harbour.stop(true).stop(false);
            default -> {
                var canaries = new ArrayList<Canary>();
                int left = 100;
                for (int i = 0; i <= chance.nextInt(3); i++) {
                    int share = chance.nextInt(left + 1);
                    left -= share;
                    canaries.add(Canary.of("v" + i, "m" + (1 + chance.nextInt(4)), share));
                }
                harbour.applyCanaries(model, canaries.toArray(Canary[]::new));
            }
        }
    }
}
