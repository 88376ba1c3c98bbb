package dev.marea.local.api;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.store.Store;
import dev.marea.local.store.Stored;
import dev.marea.local.store.Write;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The one way to write an object: through the rules, then compare-and-set into the store. */
public final class StoredObjects implements Objects {
    private static final int TRIES_MAX = 100;

    /** From the stored object to the wanted one. */
    @FunctionalInterface
    public interface Edit {
        Json.Obj of(Json.Obj current) throws Refusal;
    }

    /** As {@link Edit}, and able to create. */
    @FunctionalInterface
    public interface Upsert {
        Json.Obj of(Optional<Json.Obj> current) throws Refusal;
    }

    /**
     * What a delete did.
     *
     * @param object its last or its marked state
     * @param gone false while finalizers or a running process keep it
     */
    public record Deleted(Json.Obj object, boolean gone) {}

    private final Store store;
    private final Catalog catalog;
    private final Rules rules;

    public StoredObjects(Store store, Catalog catalog, Rules rules) {
        this.store = store;
        this.catalog = catalog;
        this.rules = rules;
    }

    public Catalog catalog() {
        return catalog;
    }

    public Store store() {
        return store;
    }

    public Rules rules() {
        return rules;
    }

    @Override
    public Optional<Json.Obj> get(Key key) {
        return store.get(key).map(Stored::object);
    }

    @Override
    public Listing list(Resource resource, String namespace) {
        return store.list(resource, namespace);
    }

    @Override
    public Json.Obj create(Json.Obj object, String manager) throws Refusal {
        var kind = kindOf(object);
        return create(kind, new Meta(object).namespace(), object, Terms.inProcess(manager));
    }

    private ServedKind kindOf(Json.Obj object) throws Refusal {
        var apiVersion = object.text("apiVersion").orElse("");
        var kind = object.text("kind").orElse("");
        return catalog.byName(apiVersion, kind)
                .orElseThrow(() ->
                        Refusal.badRequest(
                                "no kind \"%s\" is registered for version \"%s\""
                                        .formatted(kind, apiVersion)));
    }

    private Key keyOf(Json.Obj object) throws Refusal {
        return new Key(
                kindOf(object).resource(), new Meta(object).namespace(), new Meta(object).name());
    }

    /** Creates under the name that the object says, or under one that its generateName begins. */
    public Json.Obj create(ServedKind kind, String namespace, Json.Obj object, Terms terms)
            throws Refusal {
        return create(kind, namespace, object, Source.WHOLE, terms);
    }

    private Json.Obj create(
            ServedKind kind, String namespace, Json.Obj object, Source source, Terms terms)
            throws Refusal {
        boolean generated = new Meta(object).name().isEmpty();
        for (int tries = 1; ; tries++) {
            var named = rules.named(kind, namespace, object);
            var key = new Key(kind.resource(), namespace, new Meta(named).name());
            if (store.get(key).isPresent()) {
                if (generated && tries < TRIES_MAX) {
                    continue;
                }
                throw Refusal.alreadyExists(kind.resource(), key.name());
            }
            var ready = rules.created(kind, key, named, source, terms);
            refuseWithoutNamespace(key);
            if (terms.dryRun()) {
                return ready;
            }
            var put = new Write.Put(key, Write.ABSENT, ready);
            var done = commit(put, now -> namespaceOpen(now, key));
            if (done.isPresent()) {
                return done.get().object();
            }
            refuseEndlessTries(tries, key);
        }
    }

    private Optional<Change> commit(Write write, Store.Guard guard) throws Refusal {
        return store.commit(List.of(write), guard).map(List::getFirst);
    }

    private static void refuseEndlessTries(int tries, Key key) throws Refusal {
        if (tries >= TRIES_MAX) {
            throw Refusal.busy(key + " is being changed by too many writers at once");
        }
    }

    private void refuseWithoutNamespace(Key key) throws Refusal {
        if (key.namespace().isEmpty()) {
            return;
        }
        var namespace = get(Key.namespace(key.namespace()));
        if (namespace.isEmpty()) {
            throw Refusal.notFound(Resource.NAMESPACE, key.namespace());
        }
        if (new Meta(namespace.get()).deleting()) {
            throw Refusal.namespaceTerminating(key);
        }
    }

    private static boolean namespaceOpen(Store.View now, Key key) {
        return key.namespace().isEmpty()
                || now.get(Key.namespace(key.namespace()))
                        .filter(namespace -> !new Meta(namespace.object()).deleting())
                        .isPresent();
    }

    @Override
    public Json.Obj update(Json.Obj object, String manager) throws Refusal {
        return edit(keyOf(object), Part.MAIN, _ -> object, Terms.inProcess(manager));
    }

    @Override
    public Json.Obj updateStatus(Json.Obj object, String manager) throws Refusal {
        return edit(keyOf(object), Part.STATUS, _ -> object, Terms.inProcess(manager));
    }

    /**
     * Changes a stored object. An edit that keeps or drops the resourceVersion of what it was given
     * is tried again when somebody else was faster; one that names another version is refused.
     */
    public Json.Obj edit(Key key, Part part, Edit edit, Terms terms) throws Refusal {
        return upsert(
                        key,
                        part,
                        Source.WHOLE,
                        current -> {
                            if (current.isEmpty()) {
                                throw Refusal.notFound(key.resource(), key.name());
                            }
                            return edit.of(current.get());
                        },
                        terms)
                .object();
    }

    /** What an upsert left, and whether it made it. */
    public record Written(Json.Obj object, boolean created) {}

    public Written upsert(Key key, Part part, Source source, Upsert upsert, Terms terms)
            throws Refusal {
        var kind = catalog.of(key.resource());
        for (int tries = 1; ; tries++) {
            var stored = store.get(key);
            var wanted = upsert.of(stored.map(Stored::object));
            if (stored.isEmpty()) {
                return new Written(create(kind, key.namespace(), wanted, source, terms), true);
            }
            var next = rules.updated(kind, key, part, stored.get().object(), wanted, source, terms);
            if (next.equals(stored.get().object())) {
                return new Written(next, false);
            }
            if (terms.dryRun()) {
                return new Written(next, false);
            }
            var done = commit(writeOf(key, stored.get(), next), Store.Guard.NONE);
            if (done.isPresent()) {
                return new Written(done.get().object(), false);
            }
            refuseEndlessTries(tries, key);
        }
    }

    /** The write that takes away the last reason to keep a deleted object also removes it. */
    private static Write writeOf(Key key, Stored stored, Json.Obj next) {
        return Deletions.complete(next)
                ? new Write.Remove(key, stored.version(), next)
                : new Write.Put(key, stored.version(), next);
    }

    @Override
    public void delete(Key key, Deletion how, String manager) throws Refusal {
        delete(key, how, Terms.inProcess(manager));
    }

    public Deleted delete(Key key, Deletion how, Terms terms) throws Refusal {
        for (int tries = 1; ; tries++) {
            var stored =
                    store.get(key).orElseThrow(() -> Refusal.notFound(key.resource(), key.name()));
            Deletions.check(key, stored.object(), how);
            var marked = rules.deleted(key, stored.object(), how, terms.manager());
            boolean gone = Deletions.complete(marked);
            if (terms.dryRun() || (!gone && marked.equals(stored.object()))) {
                return new Deleted(marked, gone);
            }
            var done = commit(writeOf(key, stored, marked), Store.Guard.NONE);
            if (done.isPresent()) {
                return new Deleted(done.get().object(), gone);
            }
            refuseEndlessTries(tries, key);
        }
    }

    @Override
    public Watch watch(Resource resource, long from, Consumer<Change> consumer, Runnable lost)
            throws Refusal {
        return Delivery.start(store.watch(Optional.of(resource), from), consumer, lost);
    }

    @Override
    public Watch watch(Resource resource, long from, Consumer<Change> consumer) throws Refusal {
        return watch(resource, from, consumer, Delivery.complain(resource));
    }
}
