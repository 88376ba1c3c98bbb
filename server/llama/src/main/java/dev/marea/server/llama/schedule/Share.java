package dev.marea.server.llama.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How many tokens of prompts go into a step. While answers are being made a step must stay short,
 * so only as much is read beside them as takes about as long as a person does not notice.
 */
final class Share {
    private static final double BESIDE_ANSWERS_MS = 100;
    private static final int LEAST = 32;

    /** Steps of fewer tokens say little about how fast prompts are read. */
    private static final int TELLING = 64;

    private static final double NEWEST = 0.2;

    private double tokensPerMs = 1;

    /** Learns from a step. */
    void took(int tokens, double ms) {
        if (tokens >= TELLING && ms > 0) {
            tokensPerMs += NEWEST * (tokens / ms - tokensPerMs);
        }
    }

    /** Tokens for prompts in the next step. */
    int budget(int room, boolean answersRun) {
        int beside = Math.max(LEAST, (int) (tokensPerMs * BESIDE_ANSWERS_MS));
        return answersRun ? Math.min(room, beside) : room;
    }

    /** One answer's part of a step. */
    record Part(Answer answer, int tokens) {}

    /**
     * Shares a budget among prompts: half of it for whoever waits the longest, so that nobody
     * starves; the rest for the shortest, so that a greeting does not wait for a book.
     *
     * @param oldestFirst those that have something to read
     */
    static List<Part> parts(List<Answer> oldestFirst, int budget) {
        var parts = new ArrayList<Part>();
        if (oldestFirst.isEmpty() || budget <= 0) {
            return parts;
        }
        var oldest = oldestFirst.getFirst();
        int others = oldestFirst.stream().skip(1).mapToInt(Answer::unread).limit(budget).sum();
        int first = Math.min(oldest.unread(), Math.max((budget + 1) / 2, budget - others));
        parts.add(new Part(oldest, first));
        int left = budget - first;
        var shortest =
                oldestFirst.stream()
                        .skip(1)
                        .sorted(Comparator.comparingInt(Answer::unread))
                        .toList();
        for (var answer : shortest) {
            int tokens = Math.min(answer.unread(), left);
            if (tokens > 0) {
                parts.add(new Part(answer, tokens));
                left -= tokens;
            }
        }
        return parts;
    }
}
