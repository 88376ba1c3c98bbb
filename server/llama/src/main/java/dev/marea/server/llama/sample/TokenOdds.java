package dev.marea.server.llama.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * How likely a token was before any sampling, and which were the likeliest in its place.
 *
 * @param top the likeliest first
 */
public record TokenOdds(int token, float logprob, List<Top> top) {
    /** One of the likeliest. */
    public record Top(int token, float logprob) {}

    public TokenOdds {
        top = List.copyOf(top);
    }

    public static TokenOdds of(float[] logits, int token, int wanted) {
        double whole = logSumExp(logits);
        var top = new ArrayList<Top>();
        for (int other : likeliest(logits, wanted)) {
            top.add(new Top(other, (float) (logits[other] - whole)));
        }
        return new TokenOdds(token, (float) (logits[token] - whole), top);
    }

    private static double logSumExp(float[] logits) {
        float most = Sampler.most(logits);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        return most + Math.log(sum);
    }

    private static List<Integer> likeliest(float[] logits, int wanted) {
        var kept =
                new PriorityQueue<Integer>(
                        Comparator.comparingDouble(token -> (double) logits[token]));
        for (int token = 0; token < logits.length && wanted > 0; token++) {
            if (kept.size() < wanted) {
                kept.add(token);
            } else if (logits[token] > logits[kept.element()]) {
                kept.remove();
                kept.add(token);
            }
        }
        var sorted = new ArrayList<Integer>();
        while (!kept.isEmpty()) {
            sorted.addFirst(kept.remove());
        }
        return sorted;
    }
}
