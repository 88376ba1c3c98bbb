package dev.marea.local.objects;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The API's objects without HTTP: the same checks, versions, generations, finalizers and field
 * owners as through the REST door, for the controllers and the node in this process.
 */
public interface Objects {
    /** The field manager of the node. */
    String NODE = "marea-node";

    Optional<Json.Obj> get(Key key);

    /**
     * @param namespace empty for all
     */
    Listing list(Resource resource, String namespace);

    /** {@code manager} owns the fields that it sets. */
    Json.Obj create(Json.Obj object, String manager) throws Refusal;

    /** Refused with Conflict if the object carries a resourceVersion that is no longer current. */
    Json.Obj update(Json.Obj object, String manager) throws Refusal;

    /** Writes only {@code status}; same rule for resourceVersion. */
    Json.Obj updateStatus(Json.Obj object, String manager) throws Refusal;

    /**
     * Deletes, or marks for deletion while finalizers remain (or, for a pod that has a nodeName and
     * no phase Succeeded or Failed, until the node has ended it: the node's own delete, by manager
     * {@link #NODE}, then removes it at once).
     */
    void delete(Key key, Deletion how, String manager) throws Refusal;

    default void delete(Key key, String manager) throws Refusal {
        delete(key, Deletion.DEFAULT, manager);
    }

    /**
     * Delivers every change of a kind after {@code from}, in order, on a thread of the watch; a
     * consumer that falls behind the kept window of changes hears no more of them: {@code lost} is
     * run once, and it must list and watch again. Throws Refusal 410 when the window has passed
     * {@code from} already.
     */
    Watch watch(Resource resource, long from, Consumer<Change> consumer, Runnable lost)
            throws Refusal;

    /** For consumers that are quick: falling behind by a whole window is logged as an error. */
    Watch watch(Resource resource, long from, Consumer<Change> consumer) throws Refusal;

    /** Ends the delivery; none begins after close returns. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    record Listing(long version, List<Json.Obj> items) {
        public Listing {
            items = List.copyOf(items);
        }
    }
}
