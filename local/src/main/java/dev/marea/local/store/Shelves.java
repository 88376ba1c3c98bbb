package dev.marea.local.store;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The current objects, a sorted shelf for each kind. Not thread-safe: the store guards it. */
final class Shelves implements Store.View {
    private record Name(String namespace, String name) {}

    private static final Comparator<Name> ORDER =
            Comparator.comparing(Name::namespace).thenComparing(Name::name);

    private final Map<Resource, NavigableMap<Name, Stored>> byKind = new HashMap<>();
    private final Map<Resource, Long> lastChange = new HashMap<>();
    private final Map<String, Integer> countByNamespace = new HashMap<>();
    private int count;

    void put(Key key, Stored stored) {
        var before = shelf(key.resource()).put(name(key), stored);
        if (before == null) {
            count(key, 1);
        }
        lastChange.merge(key.resource(), stored.version(), Math::max);
    }

    void apply(Change change) {
        switch (change.type()) {
            case ADDED, MODIFIED ->
                    put(change.key(), new Stored(change.version(), change.object()));
            case DELETED -> remove(change);
        }
    }

    private void remove(Change change) {
        var key = change.key();
        if (shelf(key.resource()).remove(name(key)) != null) {
            count(key, -1);
        }
        lastChange.put(key.resource(), change.version());
    }

    private void count(Key key, int step) {
        count += step;
        if (!key.namespace().isEmpty()) {
            countByNamespace.merge(key.namespace(), step, Shelves::sumOrGone);
        }
    }

    private static @Nullable Integer sumOrGone(int a, int b) {
        return a + b == 0 ? null : Integer.valueOf(a + b);
    }

    int size() {
        return count;
    }

    @Override
    public Optional<Stored> get(Key key) {
        var shelf = byKind.get(key.resource());
        return shelf == null ? Optional.empty() : Optional.ofNullable(shelf.get(name(key)));
    }

    @Override
    public boolean occupied(String namespace) {
        return countByNamespace.containsKey(namespace);
    }

    List<Json.Obj> list(Resource kind, String namespace) {
        var shelf = byKind.get(kind);
        if (shelf == null) {
            return List.of();
        }
        var part =
                namespace.isEmpty()
                        ? shelf
                        : shelf.subMap(new Name(namespace, ""), new Name(namespace + "\0", ""));
        var objects = new ArrayList<Json.Obj>(part.size());
        part.values().forEach(stored -> objects.add(stored.object()));
        return objects;
    }

    long lastChange(Resource kind) {
        return lastChange.getOrDefault(kind, 0L);
    }

    private NavigableMap<Name, Stored> shelf(Resource kind) {
        return byKind.computeIfAbsent(kind, _ -> new TreeMap<>(ORDER));
    }

    private static Name name(Key key) {
        return new Name(key.namespace(), key.name());
    }
}
