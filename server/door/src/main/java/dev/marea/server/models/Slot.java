package dev.marea.server.models;

import dev.marea.server.config.ModelConfig;
import dev.marea.server.models.Found.FoundVersion;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One version of one model: on disk, on its way into memory, there, or not loadable. What it did is
 * counted across its stays in memory.
 */
final class Slot {
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final int RETRY_DOUBLINGS_MAX = 6;

    sealed interface State {
        /** Not in memory; it comes when it is asked for. */
        record Absent() implements State {}

        record Loading(CompletableFuture<Void> done) implements State {}

        record Present(Resident resident) implements State {}

        /**
         * @param retryAt before that it is not tried again
         */
        record Failed(String why, long retryAt) implements State {}
    }

    /** A load that is under way. */
    record Begun(CompletableFuture<Void> done, boolean mine) {}

    private static final State ABSENT = new State.Absent();

    private final String model;
    private final FoundVersion found;
    private final Optional<String> format;
    private final ModelConfig config;
    private final Tally tally = new Tally();
    private volatile State state = ABSENT;
    private volatile @Nullable ModelMetadata metadata;
    private volatile long bytesKnown;
    private volatile Optional<LoadFailure> lastFailure = Optional.empty();
    private int failures;
    private boolean dropped;

    /** It was unloaded while it was being loaded. */
    private boolean unwanted;

    Slot(String model, FoundVersion found, Optional<String> format, ModelConfig config) {
        this.model = model;
        this.found = found;
        this.format = format;
        this.config = config;
    }

    String model() {
        return model;
    }

    FoundVersion found() {
        return found;
    }

    String version() {
        return found.number();
    }

    ModelConfig config() {
        return config;
    }

    Optional<String> format() {
        return format;
    }

    Tally tally() {
        return tally;
    }

    State state() {
        return state;
    }

    boolean isPresent() {
        return state instanceof State.Present;
    }

    /** Whether nothing has changed on disk. */
    boolean isOf(FoundVersion other, ModelConfig with) {
        return found.equals(other) && config.equals(with);
    }

    /** Why it is not in memory, for people; empty where nothing is wrong. */
    String trouble() {
        return state instanceof State.Failed(var why, _) ? why : "";
    }

    /** Of its last stay in memory, where there was one. */
    Optional<ModelMetadata> metadata() {
        return Optional.ofNullable(metadata);
    }

    boolean hasProbabilities() {
        var facts = metadata;
        return facts != null && facts.methods().contains(Method.PREDICT_PROBA);
    }

    /** Memory that it will need: what it needed, or at least its files. */
    long bytesNeeded() {
        return Math.max(bytesKnown, found.fileBytes());
    }

    /** Empty where it is not in memory. */
    Optional<Lease> lease(Optional<Method> method, long now) {
        return state instanceof State.Present(var resident) && resident.lease(now)
                ? Optional.of(
                        new Lease(
                                model,
                                found.number(),
                                resident.loaded(),
                                method,
                                config,
                                tally,
                                resident.release))
                : Optional.empty();
    }

    /** Why it cannot be asked now, if it cannot be loaded and it is too early to try again. */
    Optional<String> failure(long now) {
        return state instanceof State.Failed(var why, long retryAt) && retryAt - now > 0
                ? Optional.of(why)
                : Optional.empty();
    }

    /** Why the last attempt to load it failed, if it did. */
    Optional<LoadFailure> lastFailure() {
        return lastFailure;
    }

    /**
     * Begins to load it, for one of all who ask at once.
     *
     * @param anyway also where it failed a short time ago
     */
    synchronized Begun begin(long now, boolean anyway) {
        switch (state) {
            case State.Present _ -> {
                return new Begun(CompletableFuture.completedFuture(null), false);
            }
            case State.Loading(var done) -> {
                return new Begun(done, false);
            }
            case State.Failed(_, long retryAt) when !anyway && retryAt - now > 0 -> {
                return new Begun(CompletableFuture.completedFuture(null), false);
            }
            case State.Failed _, State.Absent _ -> {
                var done = new CompletableFuture<Void>();
                unwanted = false;
                lastFailure = Optional.empty();
                state = new State.Loading(done);
                return new Begun(done, true);
            }
        }
    }

    /** It is in memory. False where nobody wants it any more: then it is not taken. */
    synchronized boolean arrived(Resident resident) {
        metadata = resident.loaded().metadata();
        bytesKnown = resident.bytes();
        failures = 0;
        boolean wanted = !dropped && !unwanted;
        state = wanted ? new State.Present(resident) : ABSENT;
        return wanted;
    }

    synchronized void failed(LoadFailure failure, long now) {
        lastFailure = Optional.of(failure);
        var why = String.valueOf(failure.getMessage());
        int doublings = Math.min(failures++, RETRY_DOUBLINGS_MAX);
        state = new State.Failed(why, now + (RETRY_NANOS << doublings));
    }

    /** There was no room: nothing is wrong with it, and the next request tries again. */
    synchronized void turnedAway(String why, long now) {
        state = new State.Failed(why, now + RETRY_NANOS);
    }

    /** It was put out of memory. */
    synchronized void left(Resident gone) {
        if (state instanceof State.Present(var resident) && resident.equals(gone)) {
            state = ABSENT;
        }
    }

    /** Takes it out of service; whoever has a lease goes on. */
    synchronized Optional<Resident> drop() {
        dropped = true;
        return out();
    }

    private Optional<Resident> out() {
        if (state instanceof State.Present(var resident)) {
            state = ABSENT;
            resident.retire();
            return Optional.of(resident);
        }
        return Optional.empty();
    }

    /** As {@link #drop}, but it may come back. */
    synchronized Optional<Resident> unload() {
        failures = 0;
        unwanted = true;
        if (state instanceof State.Failed) {
            state = ABSENT;
        }
        return out();
    }
}
