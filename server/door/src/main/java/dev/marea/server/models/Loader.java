package dev.marea.server.models;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Runtimes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Brings models into memory: room is made, the file is read, it answers its warm-up, and only then
 * it is there. Whatever goes wrong is that model's failure, told in words, and nobody else's.
 */
final class Loader {
    private final Runtimes runtimes;
    private final Residence residence;
    private final LongSupplier nanos;
    private final Executor threads;
    private final boolean probabilitiesNeeded;

    /**
     * @param threads where models are loaded that nobody waits for on a thread of his own
     * @param probabilitiesNeeded whether a model without predict_proba is refused
     */
    Loader(
            Runtimes runtimes,
            Residence residence,
            LongSupplier nanos,
            Executor threads,
            boolean probabilitiesNeeded) {
        this.runtimes = runtimes;
        this.residence = residence;
        this.nanos = nanos;
        this.threads = threads;
        this.probabilitiesNeeded = probabilitiesNeeded;
    }

    /**
     * Sees to it that a model is loaded; all who ask at once wait for one load. Completes also
     * where it fails, which the slot then says.
     */
    CompletableFuture<Void> load(Slot slot) {
        var begun = slot.begin(nanos.getAsLong(), false);
        if (begun.mine()) {
            threads.execute(() -> {
                bring(slot, begun.done());
                slot.lastFailure().ifPresent(failure -> log(slot, failure));
            });
        }
        return begun.done();
    }

    /** The same on this thread, also where it failed a short time ago. */
    void loadHere(Slot slot) {
        var begun = slot.begin(nanos.getAsLong(), true);
        if (begun.mine()) {
            bring(slot, begun.done());
        } else {
            begun.done().join(); // someone else is at it; he ends
        }
    }

    private void bring(Slot slot, CompletableFuture<Void> done) {
        try {
            bring(slot);
        } catch (Residence.Full full) {
            slot.turnedAway(String.valueOf(full.getMessage()), nanos.getAsLong());
        } catch (LoadFailure failure) {
            slot.failed(failure, nanos.getAsLong());
        } catch (RuntimeException | Error bug) {
            slot.failed(unexpected(slot, bug), nanos.getAsLong());
        } finally {
            done.complete(null);
        }
    }

    private static LoadFailure unexpected(Slot slot, Throwable bug) {
        var path = slot.found().path();
        var failure =
                bug instanceof OutOfMemoryError
                        ? new LoadFailure(
                                path,
                                "needs more memory than this process has: " + bug.getMessage(),
                                "give the server more memory")
                        : new LoadFailure(
                                path, "loading failed unexpectedly: " + bug, "please report this");
        return failure.causedBy(bug);
    }

    static void log(Slot slot, LoadFailure failure) {
        LoggerFactory.getLogger(Loader.class)
                .warn(
                        "version {} of model {} cannot be loaded: {}",
                        slot.version(),
                        slot.model(),
                        failure.getMessage());
    }

    private void bring(Slot slot) throws LoadFailure, Residence.Full {
        long reserved = slot.bytesNeeded();
        var path = slot.found().path();
        residence.reserve(path, reserved);
        LoadedModel loaded;
        try {
            loaded = ready(slot);
        } catch (LoadFailure | RuntimeException | Error failed) {
            residence.giveBack(reserved);
            throw failed;
        }
        var stay = new Stay(slot);
        var resident = new Resident(loaded, loaded.bytes(), nanos.getAsLong(), stay);
        stay.resident = resident;
        try {
            residence.moveIn(path, resident, reserved);
        } catch (LoadFailure | Residence.Full failed) {
            resident.retire();
            throw failed;
        }
        if (!slot.arrived(resident)) {
            resident.retire();
        }
    }

    /** A model that has answered its warm-up. */
    private LoadedModel ready(Slot slot) throws LoadFailure {
        var path = slot.found().path();
        var format = slot.format();
        var loaded = format.isPresent() ? runtimes.load(path, format.get()) : runtimes.load(path);
        try {
            checkMethods(slot, loaded);
            WarmUp.of(path).run(loaded);
        } catch (LoadFailure | RuntimeException | Error failed) {
            loaded.close();
            throw failed;
        }
        return loaded;
    }

    private void checkMethods(Slot slot, LoadedModel loaded) throws LoadFailure {
        var methods = loaded.metadata().methods();
        if (probabilitiesNeeded && !methods.contains(Method.PREDICT_PROBA)) {
            throw new LoadFailure(
                    slot.found().path(),
                    "PREDICT_PROBA is true, but this model answers only " + methods,
                    "unset PREDICT_PROBA or serve a classifier with probabilities");
        }
    }

    /** What happens when a model has left memory. */
    private final class Stay implements Runnable {
        private final Slot slot;
        private volatile @Nullable Resident resident;

        Stay(Slot slot) {
            this.slot = slot;
        }

        @Override
        public void run() {
            var gone = resident;
            if (gone != null) {
                residence.movedOut(gone);
                slot.left(gone);
            }
        }
    }
}
