package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * F08: the operator's process ends at any point of a service's life, and a new one finishes what
 * the old one began. The deterministic form of a SIGKILL: at its n-th write the operator is cut off
 * from the API for good, before that write or after it. {@code marea.kills} says how many points.
 */
class KilledOperatorTest {
    private static final int POINTS = Integer.getInteger("marea.kills", 12);

    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    /** What is left in the end, under a name that all services share. */
    private List<String> outcome(String name) {
        var outcome = new ArrayList<String>();
        outcome.addAll(troubled.owned(name));
        outcome.add("traffic " + troubled.traffic(name));
        outcome.add("ready " + troubled.condition(name, "Ready"));
        for (var deployment : troubled.platform.names(Resource.DEPLOYMENT)) {
            if (deployment.startsWith(name + "-predictor")) {
                outcome.add(deployment + " has " + troubled.asked(deployment));
            }
        }
        return outcome.stream().map(line -> line.replace(name + "-", "")).toList();
    }

    private boolean done(String name) {
        return troubled.settled(name)
                && troubled.traffic(name).equals("{2=100}")
                && troubled.asked(name + "-predictor-00001") == 0;
    }

    private boolean about(Call call, String name) {
        return call.isWrite()
                && !call.plural().equals("events")
                && (call.name().equals(name) || call.name().startsWith(name + "-predictor"));
    }

    private volatile boolean cut;

    @Test
    void whereverItEndsTheNextOneFinishes() throws Exception {
        troubled.apply("whole", "m1");
        troubled.await("undisturbed", () -> troubled.settled("whole"));
        troubled.apply("whole", "m2");
        troubled.await("undisturbed", () -> done("whole"));
        var expected = outcome("whole");
        long writes = troubled.wire.written().stream().filter(c -> about(c, "whole")).count();
        assertThat(writes).as("points to end at").isGreaterThan(8);

        for (int point = 0; point < POINTS; point++) {
            long at = 1 + point * 2L * writes / POINTS % writes;
            boolean committed = point * 2 >= POINTS;
            var name = "killed" + point;
            endAt(name, at, committed);
            troubled.await(
                    "%s, cut off at write %d of %d, %s it was done"
                            .formatted(name, at, writes, committed ? "after" : "before"),
                    () -> done(name));
            assertThat(outcome(name)).as(name + " at write " + at).isEqualTo(expected);
        }
    }

    private void endAt(String name, long at, boolean committed) throws Exception {
        var count = new AtomicLong();
        cut = false;
        troubled.wire.script(call -> {
            if (cut) {
                return Move.CUT;
            }
            if (about(call, name) && count.incrementAndGet() == at) {
                cut = true;
                return committed ? Move.LOSE : Move.CUT;
            }
            return Move.PASS;
        });
        troubled.apply(name, "m1");
        troubled.await(name + " begins", () -> cut || troubled.settled(name));
        if (cut) {
            nextOperator();
            troubled.await(name + " is ready", () -> troubled.settled(name));
        }
        troubled.apply(name, "m2");
        troubled.await(name + " comes to its point", () -> cut || done(name));
        nextOperator();
    }

    private void nextOperator() throws IOException {
        if (cut) {
            troubled.platform.stopOperator();
            troubled.wire.script(Middlebox.Script.NOTHING);
            troubled.platform.resumeOperator();
            cut = false;
        }
    }
}
