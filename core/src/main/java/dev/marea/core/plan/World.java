package dev.marea.core.plan;

import dev.marea.core.spec.Percent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is true now, as far as one service is concerned.
 *
 * @param revisions every kept revision of the service
 * @param before the status that was written last; it remembers what was rolled out
 * @param url where the gateway takes requests for the service
 * @param address the same inside the platform
 * @param scaling the last size given to each running revision, and why
 * @param autoscaler what is wrong with the autoscaler that was asked for, if anything
 * @param exposure whether its names and its route from outside are in force
 */
public record World(
        List<Revision> revisions,
        Optional<ServiceStatus> before,
        String url,
        String address,
        List<ServiceStatus.Scaled> scaling,
        Optional<String> autoscaler,
        Exposure exposure,
        Instant now) {
    public World {
        revisions = List.copyOf(revisions);
        scaling = List.copyOf(scaling);
    }

    ServiceStatus.ComponentStatus memory() {
        return before.map(ServiceStatus::predictor).orElse(ServiceStatus.ComponentStatus.NONE);
    }

    Percent shareBefore(Revision revision) {
        return memory().traffic().stream()
                .filter(t -> t.revision().equals(revision.name()))
                .map(ServiceStatus.Traffic::percent)
                .findFirst()
                .orElse(Percent.NONE);
    }
}
