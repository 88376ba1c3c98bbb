package dev.marea.server.models;

import dev.marea.server.config.Batching;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes what is served what lies on disk, without a gap: new versions of a model in memory are
 * loaded before the old ones go, and if one cannot be loaded the old ones stay.
 */
final class Exchange {
    private final Loader loader;
    private final Batching batching;

    Exchange(Loader loader, Batching batching) {
        this.loader = loader;
        this.batching = batching;
    }

    /** Returns why the old versions stay; empty where the new ones are served. May take long. */
    Optional<String> take(Entry entry, Found found) {
        entry.changing.lock();
        try {
            entry.saw(found);
            if (found.trouble().isPresent()) {
                entry.troubled(found.trouble().get());
                return found.trouble();
            }
            var old = entry.slots();
            var next = slots(old, found);
            if (next.equals(old)) {
                entry.troubled("");
                return Optional.empty();
            }
            return exchange(entry, old, next);
        } finally {
            entry.changing.unlock();
        }
    }

    /** A version that has not changed keeps its slot. */
    private List<Slot> slots(List<Slot> old, Found found) {
        var config = found.config().with(batching);
        var next = new ArrayList<Slot>();
        for (var version : found.versions()) {
            var kept =
                    old.stream()
                            .filter(slot -> slot.isOf(version, config))
                            .findFirst()
                            .orElseGet(
                                    () -> new Slot(found.name(), version, found.format(), config));
            next.add(kept);
        }
        return next;
    }

    private Optional<String> exchange(Entry entry, List<Slot> old, List<Slot> next) {
        var failure = isInUse(old) ? loadAll(next, old) : Optional.<String>empty();
        if (failure.isPresent()) {
            drop(next, old);
            entry.troubled(failure.get());
            return failure;
        }
        entry.serve(next);
        entry.troubled("");
        drop(old, next);
        return Optional.empty();
    }

    private static boolean isInUse(List<Slot> slots) {
        return slots.stream().anyMatch(Slot::isPresent);
    }

    private Optional<String> loadAll(List<Slot> next, List<Slot> old) {
        for (var slot : next) {
            if (!old.contains(slot)) {
                loader.loadHere(slot);
                if (!slot.isPresent()) {
                    return Optional.of(slot.trouble());
                }
            }
        }
        return Optional.empty();
    }

    private static void drop(List<Slot> slots, List<Slot> kept) {
        for (var slot : slots) {
            if (!kept.contains(slot)) {
                slot.drop();
            }
        }
    }
}
