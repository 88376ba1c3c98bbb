package dev.marea.core.route;

import dev.marea.core.route.RouteTable.Revision;
import java.util.List;
import java.util.Optional;

/** Which revision takes a request: by weight alone, so that a canary's share is what was asked. */
public final class Split {
    private Split() {}

    /**
     * Picks a revision. One without replicas keeps its share too, and its requests wait: were they
     * sent elsewhere, a broken canary would look healthy and a sleeping one would never wake.
     *
     * @param chance from 0 (inclusive) to 1 (exclusive)
     * @return nothing if no revision has any traffic
     */
    public static Optional<Revision> pick(List<Revision> revisions, double chance) {
        int total = 0;
        for (var revision : revisions) {
            total += revision.traffic().value();
        }
        double point = chance * total;
        for (var revision : revisions) {
            point -= revision.traffic().value();
            if (point < 0) {
                return Optional.of(revision);
            }
        }
        return Optional.empty();
    }

    /** The revision that bears a tag. */
    public static Optional<Revision> tagged(List<Revision> revisions, String tag) {
        for (var revision : revisions) {
            if (revision.tags().contains(tag)) {
                return Optional.of(revision);
            }
        }
        return Optional.empty();
    }
}
