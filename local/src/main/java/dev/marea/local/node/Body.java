package dev.marea.local.node;

import dev.marea.local.node.Preparation.Prepared;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/** What a running container is made of: a child process, or a step in this process. */
sealed interface Body {
    Prepared prepared();

    record Running(Child child, Prepared prepared, Health probed) implements Body {}

    record Step(Thread thread, Prepared prepared) implements Body {
        /**
         * @param notes takes what it says of its pod
         * @param ended is told the exit code that a process would have, and what went wrong
         */
        static Step start(
                Steps steps,
                Prepared.Step step,
                String container,
                Steps.Notes notes,
                BiConsumer<OptionalInt, String> ended) {
            var thread =
                    Thread.ofVirtual()
                            .name("step " + container)
                            .start(() -> perform(steps, step, notes, ended));
            return new Step(thread, step);
        }

        private static void perform(
                Steps steps,
                Prepared.Step step,
                Steps.Notes notes,
                BiConsumer<OptionalInt, String> ended) {
            try {
                steps.run(step.task(), notes);
                ended.accept(OptionalInt.of(0), "");
            } catch (IOException | RuntimeException failed) {
                var why = failed.getMessage() == null ? failed.toString() : failed.getMessage();
                ended.accept(OptionalInt.of(1), why);
            } catch (InterruptedException _) {
                ended.accept(OptionalInt.of(Signals.KILLED), "interrupted, since its pod ends");
            }
        }
    }

    /** Only a process is probed. */
    default Optional<Health> health() {
        return switch (this) {
            case Running running -> Optional.of(running.probed());
            case Step _ -> Optional.empty();
        };
    }

    /** Whether it may be counted on; a step that stays is, as long as it runs. */
    default boolean ready() {
        return switch (this) {
            case Running running -> running.probed().ready();
            case Step _ -> true;
        };
    }

    default void kill() {
        switch (this) {
            case Running running -> running.child().kill();
            case Step step -> step.thread().interrupt();
        }
    }
}
