package dev.marea.kubernetes.api;

import java.time.Duration;

/**
 * Stands before every write: where several operators run, one that no longer leads must write
 * nothing, even if it was stopped between deciding and writing.
 */
@FunctionalInterface
public interface Fence {
    /** For the only operator there is. */
    Fence OPEN = () -> Duration.ofDays(1);

    /** How long a write that begins now may last; zero where none may begin. */
    Duration left();
}
