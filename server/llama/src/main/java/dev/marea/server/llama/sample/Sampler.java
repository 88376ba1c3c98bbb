package dev.marea.server.llama.sample;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Chooses the tokens of one answer. */
public final class Sampler {
    /** No token is allowed. */
    public static final int NONE = -1;

    private final Sampling how;
    private final IntPredicate ends;
    private final @Nullable Rules rules;
    private final SplittableRandom chance;
    private final Candidates candidates = new Candidates();

    /** How often the answer has each token; those of the prompt stand here with 0. */
    private final Map<Integer, Integer> said = new HashMap<>();

    private int chosen;

    /**
     * @param ends which tokens end an answer
     * @param prompt what penalties see
     * @param rules a grammar at its beginning, or null
     */
    public Sampler(Sampling how, IntPredicate ends, int[] prompt, @Nullable Rules rules) {
        this.how = how;
        this.ends = ends;
        this.rules = rules;
        chance = new SplittableRandom(how.seed());
        if (how.repetition() != 1) {
            Arrays.stream(prompt).forEach(token -> said.put(token, 0));
        }
    }

    /** Chooses and remembers; the logits are changed. */
    public int choose(float[] logits) {
        adjust(logits);
        int token = pick(logits);
        // One look at the token that we want is cheap; asking for all costs milliseconds.
        if (rules != null && token != NONE && !rules.allows(token)) {
            rules.forbid(logits);
            token = pick(logits);
        }
        if (token != NONE) {
            remember(token);
        }
        return token;
    }

    private void remember(int token) {
        chosen++;
        if (how.penalizes()) {
            said.merge(token, 1, Integer::sum);
        }
        if (rules != null && !ends.test(token)) {
            rules.accept(token);
        }
    }

    private void adjust(float[] logits) {
        how.bias()
                .forEach((token, bias) -> {
                    if (token >= 0 && token < logits.length) {
                        logits[token] += bias;
                    }
                });
        if (how.penalizes()) {
            said.forEach((token, times) -> penalize(logits, token, times));
        }
        if (how.ignoresEnd() || chosen < how.minTokens()) {
            for (int token = 0; token < logits.length; token++) {
                if (ends.test(token)) {
                    logits[token] = Float.NEGATIVE_INFINITY;
                }
            }
        }
    }

    private void penalize(float[] logits, int token, int times) {
        double logit = logits[token];
        logit = logit > 0 ? logit / how.repetition() : logit * how.repetition();
        logit -= times > 0 ? how.presence() + how.frequency() * times : 0;
        logits[token] = (float) logit;
    }

    private int pick(float[] logits) {
        if (how.temperature() == 0 || how.topK() == 1) {
            int best = largest(logits);
            return logits[best] == Float.NEGATIVE_INFINITY ? NONE : best;
        }
        return candidates.draw(logits, how, chance.nextDouble());
    }

    /** Two plain loops: each becomes vector code, which one with both would not. */
    static int largest(float[] values) {
        float most = most(values);
        for (int i = 0; i < values.length; i++) {
            if (values[i] == most) {
                return i;
            }
        }
        return 0;
    }

    static float most(float[] values) {
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            most = Math.max(most, value);
        }
        return most;
    }
}
