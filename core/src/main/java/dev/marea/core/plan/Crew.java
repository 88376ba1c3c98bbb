package dev.marea.core.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The revisions that a status speaks of.
 *
 * @param alive all that run, those that drain included
 */
record Crew(Member stable, List<Member> candidates, List<Revision> alive) {

    /** Those without which the service is not ready; a named canary has a condition of its own. */
    List<Member> essential() {
        return Stream.concat(
                        Stream.of(stable), candidates.stream().filter(c -> c.version().isEmpty()))
                .toList();
    }

    /** What runs, without the named canaries. */
    List<Revision> own() {
        return alive.stream().filter(r -> named(r).isEmpty()).toList();
    }

    private Optional<Member> named(Revision revision) {
        return candidates.stream()
                .filter(c -> c.version().isPresent() && c.revision().equals(revision))
                .filter(_ -> !stable.revision().equals(revision))
                .findFirst();
    }
}
