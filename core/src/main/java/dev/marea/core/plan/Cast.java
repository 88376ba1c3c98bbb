package dev.marea.core.plan;

import dev.marea.core.plan.Plan.Create;
import dev.marea.core.plan.Plan.Part;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Service;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who plays which part: revisions found by their identity, or made anew.
 *
 * @param revisions all of the service, the new ones included
 * @param proved those that are ready for the first time
 */
record Cast(
        Member stable,
        List<Member> candidates,
        List<Revision> revisions,
        List<Create> create,
        Set<String> proved) {

    static Cast of(Service service, Asked.Fit asked, World world) {
        return new Casting(service, world).cast(asked);
    }

    Rolling.Step step(Service service, World world) {
        return candidates.isEmpty()
                ? Rolling.toward(stable.revision(), service, world, revisions)
                : Rolling.beside(stable.revision(), candidates, service, world, revisions);
    }

    Stream<Member> members() {
        return Stream.concat(Stream.of(stable), candidates.stream());
    }

    /** What a revision is as a candidate; the stable one is none, whatever else names it. */
    Optional<Member> candidate(Revision revision) {
        return candidates.stream()
                .filter(c -> c.revision().equals(revision))
                .filter(_ -> !stable.revision().equals(revision))
                .findFirst();
    }

    /** Finds or makes one member after the other. */
    private static final class Casting {
        private final Service service;
        private final World world;
        private final List<Revision> revisions;
        private final List<Create> create = new ArrayList<>();
        private final Set<String> proved = new LinkedHashSet<>();

        Casting(Service service, World world) {
            this.service = service;
            this.world = world;
            this.revisions = new ArrayList<>(world.revisions());
        }

        Cast cast(Asked.Fit asked) {
            prove();
            var stable =
                    member(
                            asked.stable(),
                            Part.PREDICTOR,
                            service.predictor(),
                            service.predictorName(),
                            Percent.ALL);
            var candidates = new ArrayList<Member>();
            for (int i = 0; i < asked.candidates().size(); i++) {
                var wanted = service.candidates().get(i);
                switch (asked.candidates().get(i)) {
                    case Asked.Identity(var hash) ->
                            candidates.add(
                                    member(
                                            hash,
                                            Part.CANARY,
                                            wanted.component(),
                                            wanted.name(),
                                            wanted.traffic()));
                    case Asked.Unfit _ -> {}
                }
            }
            return new Cast(stable, candidates, List.copyOf(revisions), create, proved);
        }

        private void prove() {
            revisions.replaceAll(r -> {
                if (r.proven() || r.ready() == 0) {
                    return r;
                }
                proved.add(r.name());
                return r.asProven();
            });
        }

        private Member member(
                String hash,
                Part part,
                Component component,
                Optional<String> version,
                Percent share) {
            var revision =
                    revisions.stream()
                            .filter(r -> r.hash().equals(hash))
                            .findFirst()
                            .orElseGet(() -> made(hash, part, version));
            return new Member(revision, component, version, share);
        }

        private Revision made(String hash, Part part, Optional<String> version) {
            var number = nextNumber();
            var name = Asked.revisionName(service, version, number);
            var made =
                    new Revision(
                            name,
                            number,
                            hash,
                            false,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty());
            revisions.add(made);
            create.add(new Create(name, number, hash, part));
            return made;
        }

        /** Numbers are never given twice, not even when the newest revision was deleted by hand. */
        private long nextNumber() {
            var newest = revisions.stream().mapToLong(Revision::number).max().orElse(0);
            var remembered =
                    world.memory()
                            .latestCreatedRevision()
                            .map(name -> name.substring(name.lastIndexOf('-') + 1))
                            .filter(digits -> digits.matches("\\d{1,18}"))
                            .map(Long::parseLong)
                            .orElse(0L);
            return Math.max(newest, remembered) + 1;
        }
    }
}
