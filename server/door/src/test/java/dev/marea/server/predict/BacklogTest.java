package dev.marea.server.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.server.config.Batching;
import dev.marea.server.config.ModelConfig;
import dev.marea.server.models.Lease;
import dev.marea.server.models.Tally;
import dev.marea.server.predict.Backlog.Work;
import dev.marea.server.runtime.LoadedModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final Duration DELAY = Duration.ofMillis(5);
    private static final int WORKERS = 4;

    private final FakeClock clock = new FakeClock();
    private final Backlog backlog = new Backlog(WORKERS, 10);
    private final EchoModel echo = new EchoModel();
    private final Tally tally = new Tally();

    private static Batching batching(int rows, Duration delay, Integer... preferred) {
        return new Batching(
                OptionalInt.of(rows),
                delay,
                List.of(preferred),
                OptionalInt.empty(),
                Optional.empty());
    }

    private Waiting call(LoadedModel model, Batching batching, int rows, int width) {
        var waiting = unread(model, batching, new FakeCall(EchoModel.rows(rows, width, 1)));
        read(waiting);
        return waiting;
    }

    private Waiting unread(LoadedModel model, Batching batching, FakeCall call) {
        var waiting = new Waiting(call, clock.nanos(), () -> {});
        waiting.holds(
                new Lease(
                        "m",
                        "1",
                        model,
                        Optional.empty(),
                        ModelConfig.PLAIN.with(batching),
                        tally,
                        () -> {}));
        return waiting;
    }

    private void read(Waiting waiting) {
        try {
            waiting.read(clock.nanos(), clock);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private Waiting offered(Batching batching, int rows, int width) {
        var waiting = call(echo, batching, rows, width);
        assertThat(backlog.offer(waiting)).isTrue();
        return waiting;
    }

    private Work take() {
        return backlog.take(clock.nanos());
    }

    private List<Waiting> run() {
        return take() instanceof Work.Run run ? run.calls() : List.of();
    }

    @Test
    void aLoneCallRunsAtOnceWhateverTheDelay() {
        var lone = offered(batching(8, DELAY), 1, 2);

        assertThat(run()).containsExactly(lone);
        assertThat(take()).isEqualTo(new Work.Rest(BatchQueue.NEVER));
    }

    @Test
    void withoutADelayARunTakesWhatIsThere() {
        var one = offered(Batching.PLAIN, 1, 2);
        var two = offered(Batching.PLAIN, 3, 2);

        assertThat(run()).containsExactly(one, two);
        assertThat(backlog.length()).isZero();
    }

    @Test
    void twoCallsWaitForMoreUntilTheDelayOfTheFirstHasPassed() {
        long since = clock.nanos();
        var one = offered(batching(8, DELAY), 1, 2);
        var two = offered(batching(8, DELAY), 1, 2);

        assertThat(take()).isEqualTo(new Work.Rest(since + DELAY.toNanos()));

        clock.pass(DELAY.minusNanos(1));
        var three = offered(batching(8, DELAY), 1, 2);
        assertThat(run()).isEmpty();

        clock.pass(Duration.ofNanos(1));
        assertThat(run()).containsExactly(one, two, three);
    }

    @Test
    void aFullRunDoesNotWait() {
        var one = offered(batching(4, DELAY), 3, 2);
        var two = offered(batching(4, DELAY), 1, 2);

        assertThat(run()).containsExactly(one, two);
    }

    @Test
    void aPreferredSizeDoesNotWait() {
        offered(batching(8, DELAY, 3), 1, 2);
        offered(batching(8, DELAY, 3), 1, 2);
        assertThat(run()).isEmpty();

        offered(batching(8, DELAY, 3), 1, 2);
        assertThat(run()).hasSize(3);
    }

    @Test
    void rowsAboveTheMostStayForTheNextRun() {
        var one = offered(batching(4, Duration.ZERO), 3, 2);
        var two = offered(batching(4, Duration.ZERO), 2, 2);
        var three = offered(batching(4, Duration.ZERO), 1, 2);

        assertThat(run()).containsExactly(one, three);
        assertThat(run()).containsExactly(two);
    }

    @Test
    void aCallLargerThanTheMostRunsAlone() {
        var large = offered(batching(4, Duration.ZERO), 9, 2);
        var small = offered(batching(4, Duration.ZERO), 1, 2);

        assertThat(run()).containsExactly(large);
        assertThat(run()).containsExactly(small);
    }

    @Test
    void callsOfAnotherWidthOrOtherOutputsAreNotJoined() {
        var one = offered(Batching.PLAIN, 1, 2);
        var wide = offered(Batching.PLAIN, 1, 3);
        var other = new FakeCall(EchoModel.rows(1, 2, 1));
        other.outputs = List.of("y");
        var asking = unread(echo, Batching.PLAIN, other);
        read(asking);
        backlog.offer(asking);
        var two = offered(Batching.PLAIN, 1, 2);

        assertThat(run()).containsExactly(one, two);
        assertThat(run()).containsExactly(wide);
        assertThat(run()).containsExactly(asking);
    }

    @Test
    void aModelWithAFixedFirstDimensionIsAskedOneByOne() {
        var fixed = new EchoModel(1);
        for (int i = 0; i < 2; i++) {
            backlog.offer(call(fixed, batching(8, DELAY), 1, 2));
        }

        assertThat(run()).hasSize(1);
        assertThat(run()).hasSize(1);
    }

    @Test
    void aModelWhoseAnswersCouldNotBeSplitIsAskedOneByOne() {
        tally.foundUnsplittable();
        offered(Batching.PLAIN, 1, 2);
        offered(Batching.PLAIN, 1, 2);

        assertThat(run()).hasSize(1);
    }

    @Test
    void aModelWhoseRowsMayDependOnEachOtherIsJoinedOnlyWhenTold() {
        var graph =
                new EchoModel() {
                    @Override
                    public boolean rowsAreIndependent() {
                        return false;
                    }
                };
        backlog.offer(call(graph, Batching.PLAIN, 1, 2));
        backlog.offer(call(graph, Batching.PLAIN, 1, 2));
        assertThat(run()).hasSize(1);
        assertThat(run()).hasSize(1);

        var told = new Backlog(WORKERS, 10);
        told.offer(call(graph, batching(8, Duration.ZERO), 1, 2));
        told.offer(call(graph, batching(8, Duration.ZERO), 1, 2));
        assertThat(told.take(clock.nanos()))
                .isInstanceOfSatisfying(Work.Run.class, run -> assertThat(run.calls()).hasSize(2));
    }

    @Test
    void whatWaitsUnreadIsReadBeforeTheFirstRuns() {
        var one = unread(echo, Batching.PLAIN, new FakeCall(EchoModel.rows(1, 2, 1)));
        var two = unread(echo, Batching.PLAIN, new FakeCall(EchoModel.rows(1, 2, 1)));
        backlog.offer(one);
        backlog.offer(two);

        for (var expected : List.of(one, two)) {
            var reading = (Work.Read) take();
            assertThat(reading.call()).isSameAs(expected);
            read(expected);
            backlog.done(reading);
        }

        assertThat(run()).containsExactly(one, two);
    }

    @Test
    void aCallThatEndsWhileItIsReadIsGone() {
        backlog.offer(unread(echo, Batching.PLAIN, new FakeCall(EchoModel.rows(1, 2, 1))));

        backlog.done((Work.Read) take());

        assertThat(backlog.length()).isZero();
        assertThat(take()).isEqualTo(new Work.Rest(BatchQueue.NEVER));
    }

    @Test
    void modelsTakeTurns() {
        var quiet = new EchoModel(1);
        var busy = new EchoModel(1);
        for (int i = 0; i < 5; i++) {
            backlog.offer(call(busy, Batching.PLAIN, 1, 2));
        }
        var patient = call(quiet, Batching.PLAIN, 1, 2);
        backlog.offer(patient);

        var first = run();
        var second = run();

        assertThat(first).hasSize(1).doesNotContain(patient);
        assertThat(second).containsExactly(patient);
    }

    @Test
    void aModelRunsNoMoreOftenAtOnceThanItSays() {
        var graph =
                new EchoModel(1) {
                    @Override
                    public int threads() {
                        return WORKERS;
                    }
                };
        backlog.offer(call(graph, Batching.PLAIN, 1, 2));
        backlog.offer(call(graph, Batching.PLAIN, 1, 2));
        var first = (Work.Run) take();

        assertThat(take()).isEqualTo(new Work.Rest(BatchQueue.NEVER));

        backlog.done(first);
        assertThat(run()).hasSize(1);
    }

    @Test
    void aModelsQueueIsBoundedAndDoesNotFillAnothers() {
        for (int i = 0; i < 10; i++) {
            offered(Batching.PLAIN, 1, 2);
        }

        assertThat(backlog.offer(call(echo, Batching.PLAIN, 1, 2))).isFalse();
        assertThat(backlog.offer(call(new EchoModel(), Batching.PLAIN, 1, 2))).isTrue();
    }

    @Test
    void allQueuesTogetherAreBoundedToo() {
        for (int i = 0; i < 80; i++) {
            assertThat(backlog.offer(call(new EchoModel(), Batching.PLAIN, 1, 2))).isTrue();
        }

        assertThat(backlog.offer(call(new EchoModel(), Batching.PLAIN, 1, 2))).isFalse();
    }

    @Test
    void aModelsOwnQueueLimitCounts() {
        var one =
                new Batching(
                        OptionalInt.empty(),
                        Duration.ZERO,
                        List.of(),
                        OptionalInt.of(1),
                        Optional.empty());

        assertThat(backlog.offer(call(echo, one, 1, 2))).isTrue();
        assertThat(backlog.offer(call(echo, one, 1, 2))).isFalse();
    }
}
