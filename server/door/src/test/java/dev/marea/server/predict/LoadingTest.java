package dev.marea.server.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.server.config.Batching;
import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.models.RepositorySettings;
import dev.marea.server.models.ServingSettings;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import dev.marea.server.runtime.Runtimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls of models that are not in memory. */
@Timeout(60)
class LoadingTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final CountDownLatch mayLoad = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();
    private boolean fails;

    @AfterEach
    void letGo() {
        mayLoad.countDown();
    }

    private final class Slow implements ModelRuntime {
        @Override
        public String format() {
            return "slow";
        }

        @Override
        public List<String> endings() {
            return List.of(".slow");
        }

        @Override
        public LoadedModel load(Path file) throws LoadFailure {
            loads.incrementAndGet();
            try {
                mayLoad.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            if (fails) {
                throw new LoadFailure(file, "is damaged", "save it again");
            }
            return new EchoModel();
        }
    }

    private Predictions predictions(Duration queueTime, int queueMax) throws Exception {
        Files.createDirectories(home.resolve("m"));
        Files.writeString(home.resolve("m/model.slow"), "x");
        var models =
                new Models(
                        new RepositorySettings(home, true, List.of(), Duration.ofHours(1)),
                        new ServingSettings(Batching.PLAIN, 1_000, false));
        models.start(new Runtimes(List.of(new Slow())));
        return new Predictions(
                new WorkSettings(1, queueMax, queueTime, 1 << 20), models, new ServerMetrics());
    }

    private static FakeCall submit(Predictions predictions) {
        var call = new FakeCall(EchoModel.rows(1, 2, 1));
        predictions.submit(call, 0);
        return call;
    }

    @Test
    void callsWaitForTheModelOnNoThreadAndForOneLoad() throws Exception {
        try (var predictions = predictions(Duration.ofSeconds(30), 10)) {
            var calls = List.of(submit(predictions), submit(predictions), submit(predictions));
            assertThat(calls).allSatisfy(call -> assertThat(call.end).isNotDone());

            mayLoad.countDown();

            assertThat(calls).allSatisfy(call -> assertThat(call.answer()).isNotNull());
            assertThat(loads).hasValue(1);
        }
    }

    @Test
    void aFailedLoadIsToldToAllWhoWait() throws Exception {
        fails = true;
        try (var predictions = predictions(Duration.ofSeconds(30), 10)) {
            var calls = List.of(submit(predictions), submit(predictions));
            mayLoad.countDown();

            assertThat(calls)
                    .allSatisfy(call -> {
                        assertThat(call.refusal().why()).isEqualTo(Refused.Why.UNAVAILABLE);
                        assertThat(call.refusal().message()).contains("is damaged; save it again");
                    });
            assertThat(submit(predictions).refusal().message()).contains("is damaged");
            assertThat(loads).hasValue(1);
        }
    }

    @Test
    void patienceEndsBeforeALoadThatTakesForEver() throws Exception {
        try (var predictions = predictions(Duration.ofMillis(5), 10)) {
            var call = submit(predictions);

            assertThat(call.refusal().message()).isEqualTo("Model with name m is not ready.");
        }
    }

    @Test
    void noMoreCallsWaitForALoadThanMay() throws Exception {
        try (var predictions = predictions(Duration.ofSeconds(30), 2)) {
            submit(predictions);
            submit(predictions);

            assertThat(submit(predictions).refusal().message())
                    .contains("more predictions wait for the model to be loaded");
        }
    }
}
