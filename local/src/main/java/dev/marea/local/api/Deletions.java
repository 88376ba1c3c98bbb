package dev.marea.local.api;

import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Deleting in two steps: an object is marked, and goes when nothing holds it any more: finalizers,
 * a pod's process, a namespace's contents.
 */
final class Deletions {
    private static final long POD_GRACE_SECONDS = 30;
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private Deletions() {}

    static void check(Key key, Json.Obj stored, Deletion how) throws Refusal {
        var uid = stored.text("metadata", "uid").orElse("");
        if (how.uid().isPresent() && !how.uid().get().equals(uid)) {
            throw Refusal.conflict(
                    key.resource(),
                    key.name(),
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(how.uid().get(), uid));
        }
        var version = new Meta(stored).version();
        if (how.resourceVersion().isPresent() && !how.resourceVersion().get().equals(version)) {
            throw Refusal.conflict(
                    key.resource(),
                    key.name(),
                    "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object meta: %s"
                            .formatted(how.resourceVersion().get(), version));
        }
    }

    /** The object with everything that its deletion writes into it. */
    static Json.Obj marked(Key key, Json.Obj stored, Deletion how, String manager, Instant now) {
        var next = withDependentsRule(stored, how);
        long grace = graceSeconds(key, stored, how, manager);
        if (!new Meta(stored).deleting()) {
            next = Metadata.with(next, "deletionTimestamp", time(now.plusSeconds(grace)));
            next = Metadata.with(next, "deletionGracePeriodSeconds", Json.of(grace));
            next = withNextGeneration(next);
        } else if (grace < new Meta(stored).grace().orElse(0)) {
            next = Metadata.with(next, "deletionTimestamp", time(now.plusSeconds(grace)));
            next = Metadata.with(next, "deletionGracePeriodSeconds", Json.of(grace));
        }
        return key.resource().equals(Resource.NAMESPACE)
                ? next.withAt(List.of("status", "phase"), Json.of("Terminating"))
                : next;
    }

    private static Json time(Instant instant) {
        return Json.of(Meta.stamp(instant));
    }

    private static Json.Obj withNextGeneration(Json.Obj object) {
        var generation = object.integer("metadata", "generation");
        return generation.isPresent()
                ? Metadata.with(object, "generation", Json.of(generation.getAsLong() + 1))
                : object;
    }

    /** The garbage collector removes these finalizers once dependents are gone, or let go. */
    private static Json.Obj withDependentsRule(Json.Obj object, Deletion how) {
        if (how.propagation().isEmpty()) {
            return object;
        }
        var finalizers = new ArrayList<>(new Meta(object).finalizers());
        finalizers.removeAll(List.of(Metadata.FOREGROUND, Metadata.ORPHAN));
        switch (how.propagation().get()) {
            case BACKGROUND -> {}
            case FOREGROUND -> finalizers.add(Metadata.FOREGROUND);
            case ORPHAN -> finalizers.add(Metadata.ORPHAN);
        }
        return finalizers.equals(new Meta(object).finalizers())
                ? object
                : Metadata.withFinalizers(object, finalizers);
    }

    /** Only a pod that a node may be running gets time. */
    private static long graceSeconds(Key key, Json.Obj stored, Deletion how, String manager) {
        boolean unheld =
                !key.resource().equals(Resource.POD)
                        || stored.text("spec", "nodeName").filter(n -> !n.isEmpty()).isEmpty()
                        || ENDED.contains(stored.text("status", "phase").orElse(""))
                        || (manager.equals(Objects.NODE) && how.graceSeconds().isEmpty());
        if (unheld) {
            return 0;
        }
        return Math.max(
                0,
                how.graceSeconds()
                        .orElse(
                                stored.integer("spec", "terminationGracePeriodSeconds")
                                        .orElse(POD_GRACE_SECONDS)));
    }

    /** True once nothing holds a marked object: it may go. */
    static boolean complete(Json.Obj object) {
        return new Meta(object).deleting()
                && new Meta(object).finalizers().isEmpty()
                && new Meta(object).grace().orElse(0) == 0
                && !namespaceInUse(object);
    }

    private static boolean namespaceInUse(Json.Obj object) {
        return object.text("kind").filter("Namespace"::equals).isPresent()
                && !object.list("spec", "finalizers").isEmpty();
    }
}
