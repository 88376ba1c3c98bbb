package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Plan;
import dev.marea.core.plan.World;
import dev.marea.kubernetes.objects.Subject;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Since when revisions have had no traffic. Kept in memory only: after a restart they drain a
 * little longer.
 */
final class Unrouted {
    private final Map<String, Map<String, Instant>> services = new ConcurrentHashMap<>();

    Optional<Instant> since(Subject subject, String revision) {
        return Optional.ofNullable(services.getOrDefault(subject.uid(), Map.of()).get(revision));
    }

    void note(Subject subject, Plan plan, World world) {
        var busy =
                Stream.concat(
                                plan.shares().stream().map(Plan.Share::revision),
                                plan.run().stream().map(Plan.Run::revision))
                        .collect(Collectors.toSet());
        var since =
                world.revisions().stream()
                        .filter(r -> !busy.contains(r.name()))
                        .collect(
                                Collectors.toMap(
                                        dev.marea.core.plan.Revision::name,
                                        r -> r.unroutedSince().orElse(world.now())));
        services.put(subject.uid(), since);
    }

    void forget(Subject subject) {
        services.remove(subject.uid());
    }
}
