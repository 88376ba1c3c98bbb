package dev.marea.server.models;

import dev.marea.server.runtime.LoadFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** What is put in service, exchanged and taken out of it while the server runs. */
final class Changes {
    private static final long UNLOAD_MS_MAX = 30_000;

    private final Catalog catalog;
    private final Source source;
    private final Loader loader;
    private final Exchange exchange;

    Changes(Catalog catalog, Source source, Loader loader, Exchange exchange) {
        this.catalog = catalog;
        this.source = source;
        this.loader = loader;
        this.exchange = exchange;
    }

    /** Loads a model, or what has changed of it, and puts it in service. */
    void load(String name) throws Refused {
        var found = look(name).orElseThrow(() -> Refused.noModel(name));
        var entry = catalog.entry(name);
        var failure = exchange.take(entry, found);
        if (failure.isPresent()) {
            throw Refused.notReady(name, failure.get());
        }
        entry.putInService(true);
        for (var slot : entry.slots()) {
            loader.loadHere(slot);
            if (!slot.trouble().isEmpty()) {
                throw Refused.notReady(name, slot.trouble());
            }
        }
    }

    private Optional<Found> look(String name) throws Refused {
        try {
            return source.named(name);
        } catch (LoadFailure failure) {
            throw Refused.notReady(name, String.valueOf(failure.getMessage()));
        }
    }

    /** Takes a model out of service, and waits for the requests that it has. */
    void unload(String name) throws Refused {
        var entry = catalog.inService(name);
        entry.putInService(false);
        var leaving = new ArrayList<Resident>();
        for (var slot : entry.slots()) {
            slot.unload().ifPresent(leaving::add);
        }
        try {
            for (var resident : leaving) {
                if (!resident.awaitClosed(UNLOAD_MS_MAX)) {
                    throw Refused.busy(name + " is out of service, but still answers requests");
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** A model that nobody has seen before. */
    Entry register(Found found, boolean inService) {
        var entry = catalog.entry(found.name());
        exchange.take(entry, found);
        entry.putInService(inService);
        return entry;
    }

    /** New models, new versions, and what is gone, as all of a watched repository was found. */
    void takeUp(List<Found> all) {
        var names = new HashSet<String>();
        for (var found : all) {
            names.add(found.name());
            var entry = catalog.find(found.name());
            if (entry.isEmpty()) {
                register(found, true);
            } else if (!entry.get().seen().equals(Optional.of(found))) {
                exchange.take(entry.get(), found);
            }
        }
        for (var entry : catalog.all()) {
            if (!names.contains(entry.name())) {
                catalog.forget(entry);
                entry.slots().forEach(Slot::drop);
            }
        }
    }
}
