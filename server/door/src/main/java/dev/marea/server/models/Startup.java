package dev.marea.server.models;

import dev.marea.server.runtime.LoadFailure;

/** What is loaded before a server is ready. */
final class Startup {
    private final Catalog catalog;
    private final Source source;
    private final Residence residence;
    private final Loader loader;
    private final Changes changes;

    Startup(Catalog catalog, Source source, Residence residence, Loader loader, Changes changes) {
        this.catalog = catalog;
        this.source = source;
        this.residence = residence;
        this.loader = loader;
        this.changes = changes;
    }

    /** A server of one model is nothing without it. */
    void one() throws LoadFailure {
        loadNow(changes.register(source.all().getFirst(), true));
    }

    void repository(RepositorySettings settings) throws LoadFailure {
        for (var found : source.all()) {
            changes.register(found, settings.watched() || settings.wantsAll());
        }
        for (var name : settings.atStart()) {
            if (!name.equals(RepositorySettings.ALL)) {
                named(settings, name);
            }
        }
        if (settings.wantsAll()) {
            whatFits();
        }
    }

    private void named(RepositorySettings settings, String name) throws LoadFailure {
        var entry = catalog.find(name);
        if (entry.isEmpty()) {
            throw new LoadFailure(
                    settings.directory(),
                    "has no model " + name + ", which is to be loaded at the start",
                    "put it there, or do not name it in --load_model");
        }
        if (entry.get().slots().isEmpty()) {
            throw new LoadFailure(settings.directory(), entry.get().trouble(), "");
        }
        entry.get().putInService(true);
        loadNow(entry.get());
    }

    private void loadNow(Entry entry) throws LoadFailure {
        for (var slot : entry.slots()) {
            loader.loadHere(slot);
            var failure = slot.lastFailure();
            if (failure.isPresent()) {
                throw failure.get();
            }
            if (!slot.isPresent()) {
                throw new LoadFailure(
                        slot.found().path(), slot.trouble(), "load fewer models at the start");
            }
        }
    }

    /** A model that fails disturbs no other; one that finds no room is loaded when it is asked. */
    private void whatFits() {
        for (var entry : catalog.all()) {
            for (var slot : entry.slots()) {
                if (residence.hasRoom(slot.bytesNeeded())) {
                    loader.loadHere(slot);
                    slot.lastFailure().ifPresent(failure -> Loader.log(slot, failure));
                }
            }
        }
    }
}
