package dev.marea.server.llama.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int[] NO_PROMPT = {};

    private static Sampling how(double temperature, int topK, double topP, double minP) {
        return new Sampling(temperature, topK, topP, minP, 0, 0, 1, 5, Map.of(), 0, false);
    }

    private static Sampler sampler(Sampling how) {
        return new Sampler(how, token -> token == 0, NO_PROMPT, null);
    }

    private static Set<Integer> drawn(Sampling how, float... logits) {
        var sampler = sampler(how);
        var drawn = new TreeSet<Integer>();
        for (int i = 0; i < 2_000; i++) {
            drawn.add(sampler.choose(logits.clone()));
        }
        return drawn;
    }

    @Test
    void withoutTemperatureTheLikeliestIsTaken() {
        assertThat(drawn(how(0, 0, 1, 0), 1, 3, 2)).containsExactly(1);
    }

    @Test
    void limitsLeaveTheLikeliest() {
        assertThat(drawn(how(1, 2, 1, 0), 1, 3, 2, 0)).containsExactly(1, 2);
        // Probabilities 0.09, 0.67, 0.24: two reach 0.9.
        assertThat(drawn(how(1, 0, 0.9, 0), 1, 3, 2)).containsExactly(1, 2);
        assertThat(drawn(how(1, 0, 1, 0.3), 1, 3, 2)).containsExactly(1, 2);
        assertThat(drawn(how(1, 0, 1, 0), 1, 3, 2)).containsExactly(0, 1, 2);
    }

    @Test
    void drawsAsOftenAsLikely() {
        var sampler = sampler(how(1, 0, 1, 0));
        int[] times = new int[3];
        for (int i = 0; i < 20_000; i++) {
            times[sampler.choose(new float[] {1, 3, 2})]++;
        }
        assertThat(times[1] / 20_000.0).isCloseTo(0.665, within(0.02));
        assertThat(times[0] / 20_000.0).isCloseTo(0.090, within(0.02));
    }

    @Test
    void whatWasSaidIsSaidLessOften() {
        var how = new Sampling(0, 0, 1, 0, 0.4, 0.3, 1, 0, Map.of(), 0, false);
        var sampler = sampler(how);
        assertThat(sampler.choose(new float[] {0, 2.0f, 1.5f})).isEqualTo(1);
        assertThat(sampler.choose(new float[] {0, 2.0f, 1.5f})).isEqualTo(2);
        assertThat(sampler.choose(new float[] {0, 2.0f, 1.5f})).isEqualTo(1);
    }

    @Test
    void whatThePromptSaysCountsForRepetitionOnly() {
        var how = new Sampling(0, 0, 1, 0, 0, 0, 2, 0, Map.of(), 0, false);
        var sampler = new Sampler(how, token -> false, new int[] {1}, null);
        assertThat(sampler.choose(new float[] {0, 2.0f, 1.5f})).isEqualTo(2);
    }

    @Test
    void biasMovesAndEndsWait() {
        var biased = new Sampling(0, 0, 1, 0, 0, 0, 1, 0, Map.of(2, 9f, 99, 9f), 0, false);
        assertThat(sampler(biased).choose(new float[] {1, 3, 2})).isEqualTo(2);
        var patient = new Sampling(0, 0, 1, 0, 0, 0, 1, 0, Map.of(), 1, false);
        var sampler = sampler(patient);
        assertThat(sampler.choose(new float[] {9, 3, 2})).isEqualTo(1);
        assertThat(sampler.choose(new float[] {9, 3, 2})).isEqualTo(0);
    }

    @Test
    void rulesAreKeptAndNoneLeftIsSaid() {
        var rules = new OnlyOne(2);
        var sampler = new Sampler(how(0, 0, 1, 0), token -> false, NO_PROMPT, rules);
        assertThat(sampler.choose(new float[] {1, 3, 2})).isEqualTo(2);
        assertThat(rules.accepted).isEqualTo(2);
        var impossible = new Sampler(how(1, 0, 1, 0), token -> false, NO_PROMPT, new OnlyOne(7));
        assertThat(impossible.choose(new float[] {1, 3, 2})).isEqualTo(Sampler.NONE);
    }

    private static final class OnlyOne implements Rules {
        private final int token;
        int accepted = -1;

        OnlyOne(int token) {
            this.token = token;
        }

        @Override
        public boolean allows(int other) {
            return other == token;
        }

        @Override
        public void forbid(float[] logits) {
            for (int i = 0; i < logits.length; i++) {
                logits[i] = i == token ? logits[i] : Float.NEGATIVE_INFINITY;
            }
        }

        @Override
        public void accept(int other) {
            accepted = other;
        }
    }

    @Test
    void oddsAreLogarithmsOfProbabilities() {
        var odds = TokenOdds.of(new float[] {1, 3, 2}, 2, 2);
        assertThat(Math.exp(odds.logprob())).isCloseTo(0.2447, within(0.001));
        assertThat(odds.top().stream().map(TokenOdds.Top::token)).containsExactly(1, 2);
    }
}
