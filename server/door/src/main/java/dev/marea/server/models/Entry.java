package dev.marea.server.models;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One model of the catalog and the versions of it that are served. */
final class Entry {
    private final String name;

    /** Held while versions are exchanged: one exchange at a time. */
    final ReentrantLock changing = new ReentrantLock();

    private volatile List<Slot> slots = List.of();
    private volatile boolean inService;
    private volatile boolean everInService;
    private volatile String trouble = "";

    /** What lay on disk when it was last looked at, served or not. */
    private volatile Optional<Found> seen = Optional.empty();

    Entry(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Newest first. */
    List<Slot> slots() {
        return slots;
    }

    void serve(List<Slot> newestFirst) {
        slots = List.copyOf(newestFirst);
    }

    boolean isInService() {
        return inService;
    }

    /** Whether it was taken out of service, not just never asked for. */
    boolean wasInService() {
        return everInService && !inService;
    }

    void putInService(boolean in) {
        everInService |= in;
        inService = in;
    }

    /** Why what lies on disk is not what is served; empty where it is. */
    String trouble() {
        return trouble;
    }

    void troubled(String why) {
        trouble = why;
    }

    Optional<Found> seen() {
        return seen;
    }

    void saw(Found found) {
        seen = Optional.of(found);
    }

    /** The newest, or the asked one. */
    Slot slot(Optional<String> version) throws Refused {
        var there = slots;
        if (version.isEmpty() && !there.isEmpty()) {
            return there.getFirst();
        }
        for (var slot : there) {
            if (slot.version().equals(version.orElse(""))) {
                return slot;
            }
        }
        if (there.isEmpty()) {
            throw trouble.isEmpty() ? Refused.notReady(name) : Refused.notReady(name, trouble);
        }
        throw Refused.noVersion(name, version.orElse(""));
    }
}
