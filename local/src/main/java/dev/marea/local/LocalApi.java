package dev.marea.local;

import dev.marea.local.api.Catalog;
import dev.marea.local.api.Rules;
import dev.marea.local.api.StoredObjects;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.store.Store;
import dev.marea.wire.admission.Admission;
import dev.marea.wire.json.Json;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The one-machine Kubernetes API: its store, its rules and its door, opened together. */
public final class LocalApi implements AutoCloseable {
    private static final List<String> NAMESPACES =
            List.of("default", "kube-system", "marea-system");
    private static final String MANAGER = "marea-api";

    private final Store store;
    private final StoredObjects objects;

    private LocalApi(Store store, StoredObjects objects) {
        this.store = store;
        this.objects = objects;
    }

    /** Objects without a file and without a door, for the tests of controllers. */
    public static LocalApi inMemory(
            List<Json.Obj> definitions, Map<Resource, Admission> admissions, Clock clock) {
        var catalog = Catalog.of(definitions);
        var store = Store.inMemory(catalog.resources());
        var rules = new Rules(admissions, clock, RandomGenerator.getDefault());
        var objects = new StoredObjects(store, catalog, rules);
        makeNamespaces(objects);
        return new LocalApi(store, objects);
    }

    private static void makeNamespaces(StoredObjects objects) {
        for (var name : NAMESPACES) {
            if (objects.get(Key.namespace(name)).isPresent()) {
                continue;
            }
            try {
                objects.create(
                        Json.Obj.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Namespace",
                                "metadata",
                                Json.Obj.of("name", name)),
                        MANAGER);
            } catch (Refusal refused) {
                throw new IllegalStateException("cannot make namespace " + name, refused);
            }
        }
    }

    public Objects objects() {
        return objects;
    }

    @Override
    public void close() {
        store.close();
    }
}
