package dev.marea.server.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.marea.server.models.Lease;
import dev.marea.server.models.ModelSettings;
import dev.marea.server.models.ModelStatistics;
import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import dev.marea.server.runtime.Runtimes;
import dev.marea.server.runtime.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PredictionsTest {
    private static final double HELD = -1;
    private static final double BAD = -2;
    private static final double BROKEN = -3;

    /** One worker, so that what waits is known. */
    private static final WorkSettings ONE_WORKER =
            new WorkSettings(1, 100, Duration.ofSeconds(30), 1 << 20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final FakeClock clock = new FakeClock();
    private final Semaphore held = new Semaphore(0);
    private final Semaphore goOn = new Semaphore(0);
    private final EchoModel model = new Misbehaving();
    private final List<AutoCloseable> open = new ArrayList<>();

    private final class Misbehaving extends EchoModel {
        @Override
        public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
            var outputs = super.predict(inputs, asked);
            var values = ((Elements.Doubles) inputs.getFirst().elements()).values();
            for (double value : values) {
                if (value == BAD) {
                    throw new BadInput("x", "must not be -2");
                }
                if (value == BROKEN) {
                    throw new InferenceFailure("the graph failed", new Exception());
                }
            }
            if (values[0] == HELD) {
                held.release();
                goOn.acquireUninterruptibly();
            }
            return outputs;
        }
    }

    private record Fixed(LoadedModel model) implements ModelRuntime {
        @Override
        public String format() {
            return "echo";
        }

        @Override
        public List<String> endings() {
            return List.of(".echo");
        }

        @Override
        public LoadedModel load(Path file) {
            return model;
        }
    }

    private Models models;

    @SuppressWarnings("NullAway.Init")
    PredictionsTest() {}

    private Predictions predictions() throws Exception {
        var file = Files.writeString(home.resolve("m.echo"), "x");
        models = new Models(new ModelSettings("m", file, Optional.empty(), false));
        models.start(new Runtimes(List.of(new Fixed(model))));
        model.runs.clear(); // its warm-up
        var predictions = new Predictions(ONE_WORKER, models, new ServerMetrics("m"), clock);
        open.add(predictions);
        return predictions;
    }

    @AfterEach
    void close() throws Exception {
        goOn.release(100);
        for (var each : open) {
            each.close();
        }
    }

    private static FakeCall submit(Predictions predictions, int rows, double value) {
        var call = new FakeCall(EchoModel.rows(rows, 2, value));
        predictions.submit(call, 0);
        return call;
    }

    private FakeCall holding(Predictions predictions) throws InterruptedException {
        var call = submit(predictions, 1, HELD);
        held.acquire();
        return call;
    }

    @Test
    void callsThatWaitTogetherAreAskedTogetherAndEachGetsItsOwnRows() throws Exception {
        var predictions = predictions();
        holding(predictions);
        var one = submit(predictions, 1, 1);
        var two = submit(predictions, 3, 2);
        var three = submit(predictions, 2, 3);

        goOn.release();

        assertThat(one.answer()).isEqualTo(EchoModel.rows(1, 2, 1).named("y"));
        assertThat(two.answer()).isEqualTo(EchoModel.rows(3, 2, 2).named("y"));
        assertThat(three.answer()).isEqualTo(EchoModel.rows(2, 2, 3).named("y"));
        assertThat(model.runs()).containsExactly(1, 6);
    }

    @Test
    void aBadRowFailsItsOwnRequestOnly() throws Exception {
        var predictions = predictions();
        holding(predictions);
        var good = submit(predictions, 1, 1);
        var bad = submit(predictions, 1, BAD);
        var broken = submit(predictions, 1, BROKEN);
        var alsoGood = submit(predictions, 1, 2);

        goOn.release();

        assertThat(good.answer()).isEqualTo(EchoModel.rows(1, 2, 1).named("y"));
        assertThat(bad.refusal().why()).isEqualTo(Refused.Why.BAD_INPUT);
        assertThat(bad.refusal().message()).isEqualTo("'x' must not be -2");
        assertThat(broken.refusal().why()).isEqualTo(Refused.Why.FAILED);
        assertThat(alsoGood.answer()).isEqualTo(EchoModel.rows(1, 2, 2).named("y"));
    }

    @Test
    void whoIsGoneOrLateIsDroppedBeforeTheModelRuns() throws Exception {
        var predictions = predictions();
        holding(predictions);
        var gone = submit(predictions, 1, 1);
        var late = new FakeCall(EchoModel.rows(1, 2, 2));
        late.deadline = Optional.of(clock.nanos() + 1_000);
        predictions.submit(late, 0);
        var good = submit(predictions, 1, 3);
        gone.unwanted = true;
        clock.pass(Duration.ofMillis(1));

        goOn.release();

        assertThat(late.refusal().why()).isEqualTo(Refused.Why.LATE);
        assertThat(good.answer()).isEqualTo(EchoModel.rows(1, 2, 3).named("y"));
        assertThat(gone.end).isNotDone();
        assertThat(model.runs()).containsExactly(1, 1);
    }

    @Test
    void aCallThatWaitedTooLongIsRefused() throws Exception {
        var predictions = predictions();
        holding(predictions);
        var waited = submit(predictions, 1, 1);
        clock.pass(Duration.ofSeconds(31));

        goOn.release();

        assertThat(waited.refusal().message()).contains("waited longer than 30 s");
    }

    @Test
    void unprovenCallsRunOnAWorkerAndProvenOnesWhereTheyCameIn() throws Exception {
        var predictions = predictions();
        var here = Thread.currentThread();
        for (int i = 0; i < 200; i++) {
            var call = submit(predictions, 1, 1);
            call.answer();
            if (i == 0) {
                assertThat(call.answeredOn).isNotSameAs(here);
            }
        }

        var proven = submit(predictions, 1, 1);
        assertThat(proven.answer()).isNotNull();
        assertThat(proven.answeredOn).isSameAs(here);

        var manyRows = submit(predictions, 100, 1);
        manyRows.answer();
        assertThat(manyRows.answeredOn).isNotSameAs(here);

        var large = new FakeCall(EchoModel.rows(1, 2, 1));
        large.bodyBytes = 9_000;
        predictions.submit(large, 0);
        large.answer();
        assertThat(large.answeredOn).isNotSameAs(here);
    }

    @Test
    void callsThatTakeLongAreNeverRunWhereTheyCameIn() throws Exception {
        var predictions = predictions();
        clock.pace(60_000); // each look at the clock finds it 60 µs further
        for (int i = 0; i < 200; i++) {
            submit(predictions, 1, 1).answer();
        }

        var call = submit(predictions, 1, 1);
        call.answer();
        assertThat(call.answeredOn).isNotSameAs(Thread.currentThread());
    }

    @Test
    void aBodysMemoryComesBackHoweverItsCallEnds() throws Exception {
        var predictions = predictions();
        for (double value : new double[] {1, BAD, BROKEN}) {
            assertThat(predictions.reserve(1 << 20)).isTrue();
            assertThat(predictions.reserve(1)).isFalse();
            var call = new FakeCall(EchoModel.rows(1, 2, value));
            predictions.submit(call, 1 << 20);
            call.end.join();
            await(() -> predictions.reserve(1 << 20));
            predictions.release(1 << 20);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void statisticsCountRequestsRowsAndRuns() throws Exception {
        var predictions = predictions();
        holding(predictions);
        var calls = List.of(submit(predictions, 2, 1), submit(predictions, 3, 2));
        var bad = submit(predictions, 1, 0);
        bad.unwanted = true;
        goOn.release();
        calls.forEach(FakeCall::answer);
        submit(predictions, 1, BAD).refusal();
        // The worker counts after it has answered, and takes the next when it has counted.
        submit(predictions, 1, 5).answer();
        await(() -> statistics().executionCount() == 3);

        var statistics = statistics();

        assertThat(statistics.inferenceCount()).isEqualTo(1 + 2 + 3 + 1);
        assertThat(statistics.requests().success().count()).isEqualTo(4);
        assertThat(statistics.requests().fail().count()).isEqualTo(1);
        assertThat(statistics.batches())
                .extracting(ModelStatistics.Batch::rows, batch -> batch.computeInfer().count())
                .containsExactly(tuple(1, 2L), tuple(5, 1L));
    }

    private ModelStatistics statistics() {
        return models.statistics().getFirst();
    }

    @Test
    void whatStillWaitsAtTheEndIsRefused() throws Exception {
        var predictions = predictions();
        var running = holding(predictions);
        var waiting = submit(predictions, 1, 1);

        predictions.close();
        var after = submit(predictions, 1, 1);
        goOn.release();

        assertThat(waiting.refusal().why()).isEqualTo(Refused.Why.UNAVAILABLE);
        assertThat(after.refusal().why()).isEqualTo(Refused.Why.UNAVAILABLE);
        assertThat(running.answer()).isEqualTo(EchoModel.rows(1, 2, HELD).named("y"));
        assertThat(predictions.end()).isTrue();
    }

    @Test
    void aBugInReadingIsAnError() throws Exception {
        var predictions = predictions();
        var call = new FakeCall(EchoModel.rows(1, 2, 1));
        var broken =
                new ForwardingCall(call) {
                    @Override
                    public Question read(Lease model) {
                        throw new IllegalStateException("secret");
                    }
                };

        predictions.submit(broken, 0);

        assertThat(call.refusal().message()).isEqualTo("internal error");
    }

    private abstract static class ForwardingCall implements Call {
        private final Call to;

        ForwardingCall(Call to) {
            this.to = to;
        }

        @Override
        public String model() {
            return to.model();
        }

        @Override
        public Optional<String> version() {
            return to.version();
        }

        @Override
        public int bodyBytes() {
            return to.bodyBytes();
        }

        @Override
        public void answer(Lease model, Question question, List<Tensor> outputs) {
            to.answer(model, question, outputs);
        }

        @Override
        public void refuse(Refused why) {
            to.refuse(why);
        }

        @Override
        public boolean isUnwanted() {
            return to.isUnwanted();
        }
    }

    @Test
    void anAnswerBeyondTheLimitIsAFailureWithItsSize() {
        var much =
                new Tensor(
                        "y",
                        Datatype.FP64,
                        new int[] {9 << 20},
                        new Elements.Doubles(new double[9 << 20]));

        assertThatThrownBy(() -> AnswerSize.checked(List.of(much)))
                .isInstanceOf(InferenceFailure.class)
                .hasMessage("the model's answer has 75497472 bytes; at most 67108864 are sent");
    }
}
