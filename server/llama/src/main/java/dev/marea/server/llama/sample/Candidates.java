package dev.marea.server.llama.sample;

import java.util.Arrays;

/** The tokens that one draw is among; kept, so that a draw makes no garbage. */
final class Candidates {
    /** A token so many times e less likely than the likeliest is never drawn: 1 in 10^11. */
    private static final double NEVER = 25;

    private int[] tokens = new int[1_024];
    private float[] logits = new float[1_024];
    private double[] weights = new double[1_024];
    private int size;

    /**
     * Draws one.
     *
     * @param chance in [0, 1)
     */
    int draw(float[] all, Sampling how, double chance) {
        float most = Sampler.most(all);
        if (most == Float.NEGATIVE_INFINITY) {
            return Sampler.NONE;
        }
        double below = how.minP() > 0 ? Math.min(NEVER, -Math.log(how.minP())) : NEVER;
        gather(all, (float) (most - below * how.temperature()));
        if ((how.topK() > 0 && how.topK() < size) || how.topP() < 1) {
            sort();
            size = how.topK() > 0 ? Math.min(size, how.topK()) : size;
        }
        return pick(weigh(most, how), how, chance);
    }

    private void gather(float[] all, float floor) {
        size = 0;
        for (int token = 0; token < all.length; token++) {
            if (all[token] >= floor) {
                add(token, all[token]);
            }
        }
    }

    private void add(int token, float logit) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
            logits = Arrays.copyOf(logits, size * 2);
            weights = new double[size * 2];
        }
        tokens[size] = token;
        logits[size++] = logit;
    }

    /**
     * The likeliest first. A float's bits, turned so that they order as integers, lead each key.
     */
    private void sort() {
        var keys = new long[size];
        for (int i = 0; i < size; i++) {
            int bits = Float.floatToIntBits(logits[i]);
            int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            keys[i] = ((long) ~ascending << 32) | i;
        }
        Arrays.sort(keys);
        var tokensBefore = Arrays.copyOf(tokens, size);
        var logitsBefore = Arrays.copyOf(logits, size);
        for (int i = 0; i < size; i++) {
            tokens[i] = tokensBefore[(int) keys[i]];
            logits[i] = logitsBefore[(int) keys[i]];
        }
    }

    /** Sets the weights; their sum. */
    private double weigh(float most, Sampling how) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            weights[i] = Math.exp((logits[i] - most) / how.temperature());
            sum += weights[i];
        }
        return sum;
    }

    private int pick(double sum, Sampling how, double chance) {
        double whole = how.topP() < 1 ? nucleus(sum * how.topP()) : sum;
        double point = chance * whole;
        for (int i = 0; i < size; i++) {
            point -= weights[i];
            if (point < 0) {
                return tokens[i];
            }
        }
        return tokens[size - 1];
    }

    /** Keeps the likeliest that reach a weight; what they weigh. */
    private double nucleus(double wanted) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weights[i];
            if (sum >= wanted) {
                size = i + 1;
            }
        }
        return sum;
    }
}
