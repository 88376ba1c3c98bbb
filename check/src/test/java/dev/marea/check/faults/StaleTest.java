package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** K04: a new operator is answered by a replica of the API that lags behind. */
class StaleTest {
    private static final String R1 = "iris-predictor-00001";
    private static final Duration LAG = Duration.ofSeconds(5);

    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
        troubled.apply("iris", "m1");
        troubled.patch("iris", "spec: {predictor: {scaleTarget: 1, scaleMetric: concurrency}}");
        troubled.await("ready", () -> troubled.settled("iris"));
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    @Test
    void anOldListTakesNoReplicaAway() throws Exception {
        var old = troubled.api.get("/apis/apps/v1/deployments").text();
        troubled.loadUntil("iris", R1, 2, 3);
        troubled.platform.stopOperator();
        troubled.wire.script(call -> {
            if (!call.plural().equals("deployments") || call.isWrite()) {
                return Move.PASS;
            }
            return call.isList() ? Move.said(old.getBytes(StandardCharsets.UTF_8)) : Move.CUT;
        });
        troubled.platform.resumeOperator();
        long until = System.nanoTime() + LAG.toNanos();
        troubled.await(
                "the lag ends",
                () -> {
                    troubled.load("iris", R1, 2);
                    assertThat(troubled.asked(R1)).isEqualTo(3);
                    return System.nanoTime() > until;
                });
        troubled.wire.script(Middlebox.Script.NOTHING);
        troubled.loadUntil("iris", R1, 4, 5);
    }
}
