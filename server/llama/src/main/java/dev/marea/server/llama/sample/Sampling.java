package dev.marea.server.llama.sample;

import java.util.Map;

/**
 * How tokens are chosen; meanings and defaults are the OpenAI API's and vLLM's.
 *
 * @param temperature 0 always takes the likeliest
 * @param topK only the k likeliest, 0 for all
 * @param topP only the likeliest that together have this probability
 * @param minP only those at least this share as likely as the likeliest
 * @param presence subtracted from the logit of what was said once
 * @param frequency subtracted for each time that it was said
 * @param repetition divides the logit of what stands in prompt or answer
 * @param seed the same answers again, on the same machine and build
 * @param bias added to the logits of these tokens
 * @param minTokens before these no token may end the answer
 * @param ignoresEnd whether none may at all
 */
public record Sampling(
        double temperature,
        int topK,
        double topP,
        double minP,
        double presence,
        double frequency,
        double repetition,
        long seed,
        Map<Integer, Float> bias,
        int minTokens,
        boolean ignoresEnd) {
    public static final double TEMPERATURE_MAX = 100;

    public Sampling {
        within("temperature", temperature, 0, TEMPERATURE_MAX);
        within("top_p", topP, 0, 1);
        within("min_p", minP, 0, 1);
        within("presence_penalty", presence, -2, 2);
        within("frequency_penalty", frequency, -2, 2);
        if (!(repetition > 0 && repetition <= 100)) {
            throw new IllegalArgumentException(
                    "repetition_penalty must be above 0 and at most 100, was " + repetition);
        }
        if (topP == 0) {
            throw new IllegalArgumentException("top_p must be above 0");
        }
        if (topK < 0 || minTokens < 0) {
            throw new IllegalArgumentException(
                    "top_k and min_tokens must be 0 or more, were %d and %d"
                            .formatted(topK, minTokens));
        }
        bias = Map.copyOf(bias);
    }

    public static Sampling greedy() {
        return new Sampling(0, 0, 1, 0, 0, 0, 1, 0, Map.of(), 0, false);
    }

    public Sampling withSeed(long other) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                presence,
                frequency,
                repetition,
                other,
                bias,
                minTokens,
                ignoresEnd);
    }

    boolean penalizes() {
        return presence != 0 || frequency != 0 || repetition != 1;
    }

    private static void within(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s, was %s".formatted(name, least, most, value));
        }
    }
}
