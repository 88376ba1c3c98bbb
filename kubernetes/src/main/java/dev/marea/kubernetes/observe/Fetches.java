package dev.marea.kubernetes.observe;

import dev.marea.core.plan.Fetch;
import dev.marea.kubernetes.objects.Names;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.FetchProgress;
import dev.marea.wire.kserve.Pins;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads from pods how far the step is that fetches their models. On one machine it tells by an
 * annotation; on a cluster, where it has no word with the API, only that it runs and how it ended.
 */
public final class Fetches {
    private Fetches() {}

    /**
     * Of one revision.
     *
     * @param kept its ControllerRevision
     * @param pods its own
     */
    static Optional<Fetch> of(Json.Obj kept, List<Json.Obj> pods) {
        var pinned = kept.text("metadata", "annotations", Names.PINNED).map(Pins::read);
        var pins = pinned.orElseGet(() -> pins(pods));
        if (pinned.isPresent() || pods.stream().anyMatch(Fetches::done)) {
            return Optional.of(
                    pods.stream()
                            .filter(Fetches::done)
                            .flatMap(pod -> progress(pod).stream())
                            .findFirst()
                            .map(p -> fetch(true, p, pins))
                            .orElseGet(() -> Fetch.untold(true, pins)));
        }
        return pods.stream()
                .filter(pod -> step(pod).filter(s -> has(s, "running")).isPresent())
                .map(pod ->
                        progress(pod)
                                .map(p -> fetch(false, p, pins))
                                .orElseGet(() -> Fetch.untold(false, pins)))
                .max(Comparator.comparingLong(Fetch::bytes));
    }

    /** What the first of them that has fetched has resolved. */
    public static Map<String, String> pins(List<Json.Obj> pods) {
        return pods.stream()
                .filter(Fetches::done)
                .sorted(Comparator.comparing(Fetches::started))
                .flatMap(pod -> step(pod).stream())
                .map(s -> Pins.ofMessage(s.text("state", "terminated", "message").orElse("")))
                .filter(pins -> !pins.isEmpty())
                .findFirst()
                .orElse(Map.of());
    }

    private static String started(Json.Obj pod) {
        return step(pod).flatMap(s -> s.text("state", "terminated", "finishedAt")).orElse("");
    }

    private static Fetch fetch(boolean done, FetchProgress p, Map<String, String> pins) {
        return new Fetch(
                done,
                p.bytes(),
                p.total(),
                p.rate(),
                done ? -1 : p.etaSeconds(),
                p.resumedFrom(),
                pins);
    }

    private static Optional<FetchProgress> progress(Json.Obj pod) {
        return pod.text("metadata", "annotations", FetchProgress.ANNOTATION)
                .flatMap(FetchProgress::read);
    }

    private static boolean done(Json.Obj pod) {
        return step(pod)
                .map(s -> s.object("state", "terminated"))
                .filter(ended -> ended.integer("exitCode").orElse(1) == 0)
                .isPresent();
    }

    private static boolean has(Json status, String state) {
        return status.at("state", state).isPresent();
    }

    private static Optional<Json> step(Json.Obj pod) {
        return pod.list("status", "initContainerStatuses").stream()
                .filter(s -> s.text("name").filter(Names.FETCH_STEP::equals).isPresent())
                .findFirst();
    }
}
