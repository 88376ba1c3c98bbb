package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.faults.Middlebox.Ending;
import dev.marea.check.operator.SmallPlatform;
import dev.marea.local.objects.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** K02 and F11: the API is away, slow, or answers every second call with an error. */
class AwayTest {
    private static final String R1 = "iris-predictor-00001";
    private static final Duration AWAY = Duration.ofSeconds(4);
    private static final Duration BACK = Duration.ofSeconds(15);

    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
        troubled.apply("iris", "m1");
        troubled.await("ready", () -> troubled.settled("iris"));
        troubled.await("routed", () -> replicas() == 1);
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    private int replicas() {
        return troubled.platform.routes().stream()
                .flatMap(r -> r.revisions().stream())
                .mapToInt(r -> r.replicas().size())
                .sum();
    }

    private void goAway() {
        troubled.wire.script(_ -> Move.CUT);
        troubled.wire.endWatches(Ending.ABRUPTLY);
        troubled.wire.forget();
    }

    @Test
    void routesStayNothingIsScaledAndWhatHappenedMeanwhileIsSeen() throws Exception {
        goAway();
        troubled.apply("iris", "m2");
        troubled.apply("other", "m1");
        long until = System.nanoTime() + AWAY.toNanos();
        SmallPlatform.awaitNow(
                "the time of absence passes, and the routes stay",
                () -> {
                    assertThat(replicas()).isEqualTo(1);
                    troubled.load("iris", R1, 0);
                    return System.nanoTime() > until;
                });
        assertThat(troubled.wire.calls().size()).as("calls in vain").isLessThan(400);
        assertThat(troubled.asked(R1)).isEqualTo(1);

        troubled.wire.script(Middlebox.Script.NOTHING);
        long back = System.nanoTime();
        troubled.await("the change is seen", () -> troubled.traffic("iris").equals("{2=100}"));
        troubled.await("the new one is ready", () -> troubled.settled("other"));
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(BACK);
    }

    @Test
    void everySecondCallThatFailsDelaysAndSpoilsNothing() throws Exception {
        var chance = new Random(11);
        troubled.wire.script(_ -> {
            synchronized (chance) {
                return chance.nextBoolean()
                        ? Move.refuse(500, "InternalError", "etcd is unwell")
                        : Move.PASS;
            }
        });
        troubled.wire.endWatches(Ending.ABRUPTLY);
        for (var name : List.of("one", "two", "three")) {
            troubled.apply(name, "m1");
        }
        for (var name : List.of("one", "two", "three")) {
            troubled.await(name + " is ready", () -> troubled.settled(name));
        }
        troubled.wire.script(Middlebox.Script.NOTHING);
        assertThat(troubled.platform.names(Resource.DEPLOYMENT)).hasSize(4);
    }

    @Test
    void anOperatorThatStartsWhileTheApiIsAwaySaysSoAndStartsLater() throws Exception {
        troubled.platform.stopOperator();
        goAway();
        org.assertj.core.api.Assertions.assertThatIOException()
                .isThrownBy(troubled.platform::resumeOperator)
                .withMessageContaining("API");
        troubled.wire.script(Middlebox.Script.NOTHING);
        troubled.platform.resumeOperator();
        troubled.apply("iris", "m2");
        troubled.await("the change is seen", () -> troubled.traffic("iris").equals("{2=100}"));
    }
}
