package dev.marea.server.models;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The models that there are, by name, and what may be asked of them. */
final class Catalog {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** Makes it known, if it is not; out of service. */
    Entry entry(String name) {
        return entries.computeIfAbsent(name, Entry::new);
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** As they are now, by name. */
    Collection<Entry> all() {
        return new TreeMap<>(entries).values();
    }

    void forget(Entry entry) {
        entries.remove(entry.name());
    }

    Entry known(String name) throws Refused {
        var entry = entries.get(name);
        if (entry == null) {
            throw Refused.noModel(name);
        }
        return entry;
    }

    Entry inService(String name) throws Refused {
        var entry = known(name);
        if (!entry.isInService()) {
            throw Refused.notLoaded(name);
        }
        return entry;
    }

    /** The version that is asked, if it may be. */
    Slot asked(String name, Optional<String> version, long now) throws Refused {
        var slot = inService(name).slot(version);
        if (!slot.isPresent()) {
            var failure = slot.failure(now);
            if (failure.isPresent()) {
                throw Refused.notReady(name, failure.get());
            }
        }
        return slot;
    }

    /** The lines of a repository's index for one model, newest version first. */
    static List<ModelState> index(Entry entry, boolean answers) {
        if (entry.slots().isEmpty()) {
            return List.of(
                    new ModelState(
                            entry.name(), "", ModelState.State.UNAVAILABLE, entry.trouble()));
        }
        return entry.slots().stream().map(slot -> index(entry, slot, answers)).toList();
    }

    private static ModelState index(Entry entry, Slot slot, boolean answers) {
        var state = ModelState.State.UNAVAILABLE;
        var why = entry.trouble();
        if (!entry.isInService()) {
            boolean never = !entry.wasInService();
            state = never ? ModelState.State.UNKNOWN : ModelState.State.UNAVAILABLE;
            why = never ? why : "unloaded";
        } else if (answers) {
            state =
                    switch (slot.state()) {
                        case Slot.State.Present _ -> ModelState.State.READY;
                        case Slot.State.Absent _ -> ModelState.State.READY;
                        case Slot.State.Loading _ -> ModelState.State.LOADING;
                        case Slot.State.Failed _ -> ModelState.State.UNAVAILABLE;
                    };
            why = slot.state() instanceof Slot.State.Absent ? absent(why) : why;
            why = slot.trouble().isEmpty() ? why : slot.trouble();
        }
        return new ModelState(entry.name(), slot.version(), state, why);
    }

    private static String absent(String why) {
        return why.isEmpty() ? "not in memory: loaded when it is asked" : why;
    }
}
