package dev.marea.server.llama.schedule;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Who waits: first those who had begun and made room, then by priority and arrival. */
final class Queue {
    private record Waiting(Generation generation, long arrived) {}

    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(
                    Comparator.<Waiting>comparingInt(w -> w.generation().wanted().priority())
                            .thenComparingLong(Waiting::arrived));
    private final Deque<Answer> paused = new ArrayDeque<>();
    private long arrivals;

    void add(Generation generation) {
        waiting.add(new Waiting(generation, arrivals++));
    }

    void pause(Answer answer) {
        paused.addLast(answer);
    }

    @Nullable Answer nextPaused() {
        return paused.peekFirst();
    }

    void takePaused() {
        paused.removeFirst();
    }

    Optional<Generation> next() {
        return Optional.ofNullable(waiting.peek()).map(Waiting::generation);
    }

    void take() {
        waiting.remove();
    }

    int size() {
        return waiting.size() + paused.size();
    }

    /** Takes out what belongs to a request; the request, if it had not begun. */
    Optional<Generation> remove(long id) {
        paused.removeIf(answer -> answer.of.id() == id);
        var found = waiting.stream().filter(w -> w.generation().id() == id).findFirst();
        found.ifPresent(waiting::remove);
        return found.map(Waiting::generation);
    }
}
