package dev.marea.server.llama.schedule;

import java.util.List;
import java.util.Optional;

/** Who may begin. */
final class Admission {
    /** A beginning of so many tokens is worth waiting for. */
    private static final int WORTH_WAITING = 64;

    private final Queue queue;
    private final Slots slots;
    private final List<Answer> running;
    private final int activeMax;
    private final int cells;
    private boolean closed;

    Admission(Queue queue, Slots slots, List<Answer> running, int activeMax, int cells) {
        this.queue = queue;
        this.slots = slots;
        this.running = running;
        this.activeMax = activeMax;
        this.cells = cells;
    }

    /** Somebody had to make room: nobody begins before somebody has ended. */
    void closeUntilOneEnds() {
        closed = true;
    }

    void oneEnded() {
        closed = false;
    }

    /** The next one that may begin, with its slot. */
    Optional<Answer> next() {
        if (closed && !running.isEmpty()) {
            return Optional.empty();
        }
        var paused = queue.nextPaused();
        if (paused != null) {
            return fits(paused.tokens.size(), 1) ? Optional.of(resumed(paused)) : Optional.empty();
        }
        return queue.next().filter(this::fits).map(this::begun);
    }

    private Answer resumed(Answer paused) {
        queue.takePaused();
        paused.slot = slots.take(paused.tokens, paused.of.key());
        return paused;
    }

    private boolean fits(Generation generation) {
        return fits(generation.prompt().length, generation.wanted().choices())
                && !soonKnown(generation);
    }

    private Answer begun(Generation generation) {
        queue.take();
        var answer = new Answer(generation, 0, new TokenList(generation.prompt()));
        generation.answers.add(answer);
        answer.slot = slots.take(answer.tokens, generation.key());
        return answer;
    }

    /** What is left beside prompts is for answers; how long they get nobody knows. */
    private boolean fits(int tokens, int answers) {
        int unread = running.stream().mapToInt(Answer::unread).sum();
        int reserved =
                running.stream()
                        .filter(Answer::forks)
                        .mapToInt(answer -> answer.of.wanted().choices() - 1)
                        .sum();
        return running.isEmpty()
                || (running.size() + reserved + answers <= activeMax
                        && slots.cellsBusy() + unread + tokens < cells);
    }

    /** Whether someone is just reading the same: to wait for him is faster than to read it too. */
    private boolean soonKnown(Generation generation) {
        var tokens = new TokenList(generation.prompt());
        int known = slots.known(tokens, generation.key());
        return running.stream()
                .filter(answer -> answer.reads() && answer.of.key().equals(generation.key()))
                .anyMatch(answer -> answer.tokens.commonWith(tokens) > known + WORTH_WAITING);
    }
}
