package dev.marea.server.models;

import dev.marea.server.runtime.LoadFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory that models share. Who comes asks for room first; the models that were not asked for
 * the longest time make room, but none that is in use.
 */
final class Residence {
    /** Room cannot be had now, because models in use hold it. */
    static final class Full extends Exception {
        private static final long serialVersionUID = 1;

        Full(String message) {
            super(message, null, false, false);
        }
    }

    private final long budget;
    private final List<Resident> residents = new ArrayList<>();
    private long reserved;

    Residence(long budget) {
        this.budget = budget;
    }

    long budget() {
        return budget;
    }

    /** Held by models now, and promised to those that are being loaded. */
    synchronized long used() {
        long sum = reserved;
        for (var resident : residents) {
            sum += resident.bytes();
        }
        return sum;
    }

    synchronized int count() {
        return residents.size();
    }

    /** Whether so much may be had without that anyone makes room. */
    synchronized boolean hasRoom(long bytes) {
        return used() + bytes <= budget;
    }

    /** Promises room to a model that will need at least so much. */
    synchronized void reserve(Path model, long bytes) throws LoadFailure, Full {
        checkSize(model, bytes);
        makeRoom(bytes);
        reserved += bytes;
    }

    private void checkSize(Path model, long bytes) throws LoadFailure {
        if (bytes > budget) {
            throw new LoadFailure(
                    model,
                    "needs %s of memory, the models of this server may have %s"
                            .formatted(mebibytes(bytes), mebibytes(budget)),
                    "give the server more memory (--model_memory, or the container's limit)");
        }
    }

    private void makeRoom(long bytes) throws Full {
        while (used() + bytes > budget && putOutOldest()) {
            // another one goes
        }
        if (used() + bytes > budget) {
            throw new Full(
                    "%s of memory are needed, and models in use hold %s of %s"
                            .formatted(mebibytes(bytes), mebibytes(used()), mebibytes(budget)));
        }
    }

    /** False where all are in use, or on their way out. */
    private boolean putOutOldest() {
        var oldest = oldestIdle();
        while (oldest != null && !oldest.retireIdle()) { // which takes it off the list
            oldest = oldestIdle();
        }
        return oldest != null;
    }

    private @Nullable Resident oldestIdle() {
        Resident oldest = null;
        for (var resident : residents) {
            boolean older = oldest == null || resident.lastUsed() - oldest.lastUsed() < 0;
            if (older && resident.isIdle()) {
                oldest = resident;
            }
        }
        return oldest;
    }

    /** Gives back what was reserved for a model that did not come. */
    synchronized void giveBack(long bytes) {
        reserved -= bytes;
    }

    /** A model is loaded and takes what it really needs for what was reserved. */
    synchronized void moveIn(Path model, Resident resident, long reservedBytes)
            throws LoadFailure, Full {
        reserved -= reservedBytes;
        checkSize(model, resident.bytes());
        makeRoom(resident.bytes());
        residents.add(resident);
    }

    synchronized void movedOut(Resident resident) {
        residents.remove(resident);
    }

    static String mebibytes(long bytes) {
        return bytes < 1 << 20
                ? bytes + " bytes"
                : "%.1f MiB".formatted(bytes / (double) (1 << 20));
    }
}
