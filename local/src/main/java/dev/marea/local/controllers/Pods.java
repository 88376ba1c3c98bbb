package dev.marea.local.controllers;

import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Conditions;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Facts about pods that several controllers ask for. */
final class Pods {
    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    private Pods() {}

    static List<Json.Obj> in(Objects objects, String namespace) {
        return objects.list(Resource.POD, namespace).items();
    }

    static boolean finished(Json pod) {
        var phase = pod.text("status", "phase").orElse("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static boolean active(Json.Obj pod) {
        return !finished(pod) && !new Meta(pod).deleting();
    }

    static boolean ready(Json.Obj pod) {
        return new Conditions(pod.list("status", "conditions")).isTrue("Ready");
    }

    static boolean ownedBy(Json.Obj pod, String uid) {
        return new Meta(pod).controller().filter(owner -> owner.uid().equals(uid)).isPresent();
    }

    /** Zero if it has been ready for so long; else how much is missing; empty if not ready. */
    static Optional<Duration> untilAvailable(Json.Obj pod, long minReadySeconds, Instant now) {
        if (!ready(pod)) {
            return Optional.empty();
        }
        var since =
                new Conditions(pod.list("status", "conditions"))
                        .find("Ready")
                        .flatMap(c -> Meta.instant(c.text("lastTransitionTime")))
                        .orElse(now);
        var left = Duration.between(now, since.plusSeconds(minReadySeconds));
        return Optional.of(left.isNegative() || minReadySeconds == 0 ? Duration.ZERO : left);
    }

    /** Who goes first when there are too many: the least useful, as Kubernetes ranks them. */
    static Comparator<Json.Obj> leastUsefulFirst() {
        return Comparator.comparing((Json.Obj pod) -> pod.text("spec", "nodeName").isPresent())
                .thenComparing(pod -> pod.text("status", "phase").orElse("").equals("Running"))
                .thenComparing(Pods::ready)
                .thenComparingLong(Pods::deletionCost)
                .thenComparing(Comparator.comparing(Pods::readySince).reversed())
                .thenComparing(Comparator.comparingLong(Pods::restarts).reversed())
                .thenComparing(
                        Comparator.comparing((Json.Obj pod) -> new Meta(pod).created()).reversed());
    }

    private static long deletionCost(Json.Obj pod) {
        try {
            return Long.parseLong(new Meta(pod).annotations().getOrDefault(DELETION_COST, "0"));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static Instant readySince(Json.Obj pod) {
        return new Conditions(pod.list("status", "conditions"))
                .find("Ready")
                .filter(_ -> ready(pod))
                .flatMap(c -> Meta.instant(c.text("lastTransitionTime")))
                .orElse(Instant.EPOCH);
    }

    private static long restarts(Json.Obj pod) {
        return pod.list("status", "containerStatuses").stream()
                .mapToLong(c -> c.integer("restartCount").orElse(0))
                .sum();
    }
}
