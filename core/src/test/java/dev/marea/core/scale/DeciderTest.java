package dev.marea.core.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.scale.ScaleSettings.Aggregation;
import dev.marea.core.spec.Autoscaling.Metric;
import dev.marea.core.spec.Scale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Knative's own numbers are the oracle; the table in the resources says where they are from. */
class DeciderTest {

    record Spec(
            double target,
            double total,
            double targetBurst,
            double up,
            double down,
            double panicThreshold,
            int stableWindow,
            int delay,
            boolean reachable,
            int activation) {
        ScaleSettings settings() {
            return new ScaleSettings(
                    new Target(Metric.CONCURRENCY, target, total),
                    new Scale(0, 0),
                    Aggregation.LINEAR,
                    Duration.ofSeconds(stableWindow),
                    Duration.ofSeconds(6),
                    panicThreshold,
                    up,
                    down,
                    true,
                    Duration.ofSeconds(30),
                    Duration.ZERO,
                    Duration.ofSeconds(delay),
                    1,
                    activation,
                    Duration.ofSeconds(630));
        }

        Spec changed(String[] words) {
            return new Spec(
                    d(words[7]),
                    d(words[8]),
                    d(words[9]),
                    up,
                    down,
                    panicThreshold,
                    stableWindow,
                    delay,
                    Boolean.parseBoolean(words[10]),
                    activation);
        }
    }

    record Case(String name, Spec spec, String[] before, List<String[]> steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("oracle")
    void decidesAsKnativeDoes(Case given) {
        var spec = given.spec();
        var decider =
                Decider.startedBeside(
                        spec.settings(), Integer.parseInt(given.before()[0]), Instant.EPOCH);
        if (!given.before()[1].equals("-")) {
            decider.panic(at(given.before()[1]), Integer.parseInt(given.before()[2]));
        }
        for (var step : given.steps()) {
            if (step.length > 7) {
                spec = spec.changed(step);
                decider.settings(spec.settings());
            }
            int ready = Integer.parseInt(step[1]);
            var desired =
                    decider.decide(d(step[2]), d(step[3]), ready, spec.reachable(), at(step[0]));
            assertThat(desired.replicas())
                    .as("at %ss, because %s", step[0], desired.why())
                    .isEqualTo(Integer.parseInt(step[5]));
            assertThat(
                            Decider.excessBurstCapacity(
                                    spec.total(), spec.targetBurst(), ready, d(step[3])))
                    .isEqualTo(Integer.parseInt(step[6]));
        }
    }

    @Test
    void theOracleIsWhole() {
        assertThat(oracle()).hasSize(33);
    }

    @Test
    void aDeciderThatStartsBesideRunningReplicasDoesNotShrinkThemAtOnce() {
        var decider = Decider.startedBeside(Settings.defaults().value(), 5, Instant.EPOCH);
        assertThat(decider.decide(1, 1, 5, true, at("2")).replicas()).isEqualTo(5);
        assertThat(decider.decide(1, 1, 5, true, at("62")).replicas()).isEqualTo(2);
    }

    @Test
    void theReasonSaysWhatWasMeasuredAndAgainstWhat() {
        var decider = new Decider(Settings.defaults().value());
        assertThat(decider.decide(50, 500, 1, true, Instant.EPOCH).why())
                .isEqualTo(
                        "concurrency is 50.0 over 60s and 500.0 over 6s at a target of 70 a replica;"
                                + " a burst is on, so replicas only rise until it is over");
    }

    static List<Case> oracle() {
        var cases = new ArrayList<Case>();
        lines().filter(l -> !l.startsWith("#"))
                .forEach(line -> {
                    if (line.startsWith("case: ")) {
                        cases.add(parse(line.substring(6).split(" \\| ", -1)));
                    } else {
                        cases.getLast().steps().add(line.substring(6).split(" ", -1));
                    }
                });
        return cases;
    }

    private static Case parse(String[] parts) {
        String[] w = parts[1].split(" ", -1);
        var spec =
                new Spec(
                        d(w[0]),
                        d(w[1]),
                        d(w[2]),
                        d(w[3]),
                        d(w[4]),
                        d(w[5]),
                        Integer.parseInt(w[6]),
                        Integer.parseInt(w[7]),
                        Boolean.parseBoolean(w[8]),
                        Integer.parseInt(w[9]));
        return new Case(parts[0], spec, parts[2].split(" ", -1), new ArrayList<>());
    }

    private static Stream<String> lines() {
        try (var in = DeciderTest.class.getResourceAsStream("kpa-decider.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant at(String seconds) {
        return Instant.EPOCH.plusMillis(Math.round(d(seconds) * 1000));
    }

    private static double d(String number) {
        return Double.parseDouble(number);
    }
}
