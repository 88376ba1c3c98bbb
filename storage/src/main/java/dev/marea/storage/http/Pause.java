package dev.marea.storage.http;

import java.time.Duration;

/** How time is let pass between two attempts; tests move a clock instead. */
@FunctionalInterface
public interface Pause {
    Pause REAL = duration -> Thread.sleep(duration);

    void of(Duration duration) throws InterruptedException;
}
