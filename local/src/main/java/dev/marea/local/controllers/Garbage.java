package dev.marea.local.controllers;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Follow;
import dev.marea.local.work.WorkQueue;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removes what has lost all its owners; and for an owner that goes by foreground or orphan
 * deletion, its dependents first, or their references to it.
 */
final class Garbage implements Controller {
    private static final int PARALLEL = 8;
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";

    private final Tools tools;
    private final List<Resource> served;
    private final Map<String, Resource> byName;
    private final WorkQueue<Key> queue;
    private final Map<String, Set<Key>> dependents = new ConcurrentHashMap<>();
    private final Map<Key, List<Meta.Owner>> ownersSeen = new HashMap<>();
    private final List<Follow> follows = new ArrayList<>();

    Garbage(Tools tools, Collection<Resource> served) {
        this.tools = tools;
        this.served = served.stream().filter(kind -> !kind.equals(Resource.EVENT)).toList();
        this.byName =
                served.stream()
                        .collect(Collectors.toMap(Garbage::named, kind -> kind, (a, _) -> a));
        this.queue = new WorkQueue<>("garbage", PARALLEL, tools.time(), this::look);
    }

    /** A reference may name another version of the same kind. */
    private static String named(Resource kind) {
        return kind.group() + "/" + kind.kind();
    }

    private static String named(Meta.Owner owner) {
        int slash = owner.apiVersion().indexOf('/');
        return (slash < 0 ? "" : owner.apiVersion().substring(0, slash)) + "/" + owner.kind();
    }

    @Override
    public void start() {
        for (var kind : served) {
            follows.add(Follow.all(tools.objects(), kind, this::observe));
        }
    }

    private synchronized void observe(Change change) {
        var meta = new Meta(change.object());
        boolean gone = change.type() == Change.Type.DELETED;
        var before = gone ? ownersSeen.remove(change.key()) : remember(change.key(), meta);
        var now = gone ? List.<Meta.Owner>of() : meta.owners();
        if (before != null) {
            for (var owner : before) {
                if (!now.contains(owner)) {
                    forget(owner.uid(), change.key());
                    ownerKey(owner, change.key()).ifPresent(queue::add); // it may wait for us
                }
            }
        }
        if (gone) {
            dependents.getOrDefault(meta.uid(), Set.of()).forEach(queue::add);
            return;
        }
        for (var owner : now) {
            dependents
                    .computeIfAbsent(owner.uid(), _ -> ConcurrentHashMap.newKeySet())
                    .add(change.key());
        }
        boolean waits =
                meta.deleting()
                        && (meta.finalizers().contains(FOREGROUND)
                                || meta.finalizers().contains(ORPHAN));
        if (waits || (!now.isEmpty() && !now.equals(before))) {
            queue.add(change.key());
        }
    }

    private @Nullable List<Meta.Owner> remember(Key key, Meta meta) {
        var owners = meta.owners();
        return owners.isEmpty() ? ownersSeen.remove(key) : ownersSeen.put(key, owners);
    }

    private void forget(String uid, Key dependent) {
        dependents.computeIfPresent(
                uid,
                (_, keys) -> {
                    keys.remove(dependent);
                    return keys.isEmpty() ? null : keys;
                });
    }

    private Optional<Key> ownerKey(Meta.Owner owner, Key dependent) {
        return Optional.ofNullable(byName.get(named(owner)))
                .map(kind ->
                        new Key(
                                kind,
                                kind.namespaced() ? dependent.namespace() : "",
                                owner.name()));
    }

    private Optional<Duration> look(Key key) throws Refusal {
        var found = tools.objects().get(key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var meta = new Meta(found.get());
        if (meta.deleting() && meta.finalizers().contains(ORPHAN)) {
            letGo(key, meta);
        } else if (meta.deleting() && meta.finalizers().contains(FOREGROUND)) {
            dependentsFirst(key, meta);
        }
        if (!meta.owners().isEmpty() && !meta.deleting()) {
            judge(key, meta);
        }
        return Optional.empty();
    }

    // ---- an owner goes

    private record Dependent(Key key, Meta meta) {}

    /** Those that refer to this very owner now; the index may be late, the objects are not. */
    private List<Dependent> dependentsOf(Meta owner) {
        return dependents.getOrDefault(owner.uid(), Set.of()).stream()
                .flatMap(key ->
                        tools.objects().get(key).stream()
                                .map(object -> new Dependent(key, new Meta(object))))
                .filter(dependent ->
                        dependent.meta().owners().stream()
                                .anyMatch(o -> o.uid().equals(owner.uid())))
                .toList();
    }

    private void letGo(Key key, Meta owner) throws Refusal {
        for (var dependent : dependentsOf(owner)) {
            var _ =
                    tools.edit()
                            .object(
                                    dependent.key(),
                                    dependent.meta().uid(),
                                    now -> Owners.without(now, uid -> uid.equals(owner.uid())));
        }
        removeFinalizer(key, owner, ORPHAN);
    }

    private void dependentsFirst(Key key, Meta owner) throws Refusal {
        boolean wait = false;
        for (var dependent : dependentsOf(owner)) {
            wait |=
                    dependent.meta().owners().stream()
                            .anyMatch(ref -> ref.uid().equals(owner.uid()) && ref.blocks());
            if (!dependent.meta().deleting()) {
                judge(dependent.key(), dependent.meta());
            }
        }
        if (!wait) {
            removeFinalizer(key, owner, FOREGROUND);
        }
    }

    private void removeFinalizer(Key key, Meta owner, String finalizer) throws Refusal {
        var _ =
                tools.edit()
                        .object(
                                key,
                                owner.uid(),
                                now ->
                                        now.withAt(
                                                List.of("metadata", "finalizers"),
                                                Json.of(
                                                        new Meta(now)
                                                                .finalizers().stream()
                                                                        .filter(f ->
                                                                                !f.equals(
                                                                                        finalizer))
                                                                        .toList())));
    }

    // ---- a dependent

    private enum Standing {
        THERE,
        GOING,
        GONE
    }

    private Standing standing(Meta.Owner owner, Key dependent) {
        var key = ownerKey(owner, dependent);
        if (key.isEmpty()) {
            return Standing.THERE; // a kind that we do not know is none that we may judge
        }
        var object =
                tools.objects()
                        .get(key.get())
                        .map(Meta::new)
                        .filter(m -> m.uid().equals(owner.uid()));
        if (object.isEmpty()) {
            return Standing.GONE;
        }
        return object.get().deleting() && object.get().finalizers().contains(FOREGROUND)
                ? Standing.GOING
                : Standing.THERE;
    }

    private void judge(Key key, Meta meta) throws Refusal {
        var standings =
                meta.owners().stream()
                        .collect(
                                Collectors.toMap(
                                        Meta.Owner::uid, o -> standing(o, key), (a, _) -> a));
        if (!standings.containsValue(Standing.THERE)) {
            delete(key, meta, standings.containsValue(Standing.GOING));
        } else if (standings.values().stream().anyMatch(s -> s != Standing.THERE)) {
            var _ =
                    tools.edit()
                            .object(
                                    key,
                                    meta.uid(),
                                    now ->
                                            Owners.without(
                                                    now,
                                                    uid ->
                                                            standings.getOrDefault(
                                                                            uid, Standing.THERE)
                                                                    != Standing.THERE));
        }
    }

    private void delete(Key key, Meta meta, boolean ownerWaits) throws Refusal {
        boolean hasOwn = !dependents.getOrDefault(meta.uid(), Set.of()).isEmpty();
        var how =
                Deletion.DEFAULT
                        .withUid(meta.uid())
                        .withPropagation(
                                ownerWaits && hasOwn
                                        ? Deletion.Propagation.FOREGROUND
                                        : Deletion.Propagation.BACKGROUND);
        try {
            tools.objects().delete(key, how, Tools.MANAGER);
        } catch (Refusal refused) {
            if (!refused.notFound() && !refused.conflict()) {
                throw refused;
            }
        }
    }

    @Override
    public void close() {
        follows.forEach(Follow::close);
        queue.close();
    }
}
