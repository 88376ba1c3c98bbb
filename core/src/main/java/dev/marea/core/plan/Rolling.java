package dev.marea.core.plan;

import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The revision machine: Knative's words for which revision is new, ready and rolled out, in every
 * mode.
 *
 * <p>Two rules hold in every step. A revision gets traffic only once it is ready, and the one that
 * has traffic keeps it until its successor is.
 */
final class Rolling {
    private final Service service;
    private final World world;
    private final Map<String, Revision> known = new LinkedHashMap<>();

    private Rolling(Service service, World world, List<Revision> revisions) {
        this.service = service;
        this.world = world;
        revisions.forEach(r -> known.put(r.name(), r));
    }

    /** Where the machine stands after this step. */
    record Step(
            Optional<Revision> created,
            Optional<Revision> ready,
            Optional<Revision> rolledOut,
            Optional<Revision> previous,
            List<Traffic> traffic) {

        /** The same with the tags that the status shows. */
        Step tagged(Tags tags) {
            return new Step(
                    created, ready, rolledOut, previous, traffic.stream().map(tags::on).toList());
        }
    }

    /** A predictor alone, with or without a canary percentage. */
    static Step toward(Revision target, Service service, World world, List<Revision> revisions) {
        return new Rolling(service, world, revisions).toward(target);
    }

    /** A predictor with other versions beside it. */
    static Step beside(
            Revision stable,
            List<Member> candidates,
            Service service,
            World world,
            List<Revision> revisions) {
        return new Rolling(service, world, revisions).beside(stable, candidates);
    }

    /** Nothing new can run: what was rolled out stays. */
    static Step still(Service service, World world, List<Revision> revisions) {
        var machine = new Rolling(service, world, revisions);
        var memory = world.memory();
        return new Step(
                machine.find(memory.latestCreatedRevision()),
                machine.find(memory.latestReadyRevision()),
                machine.find(memory.latestRolledoutRevision()),
                machine.find(memory.previousRolledoutRevision()),
                machine.trafficBefore());
    }

    private Step toward(Revision target) {
        if (!serves(target, service.predictor())) {
            return awaiting(target);
        }
        return growing(target).map(stable -> growing(target, stable)).orElseGet(() -> onto(target));
    }

    /**
     * The predecessor of a named canary that is promoted and has yet to grow: it has replicas for
     * its share, and all the traffic is more than they can carry. It needs its minimum, or as many
     * as carry that traffic now.
     */
    private Optional<Revision> growing(Revision target) {
        int min = service.predictor().scale().min();
        return rolledOut(target)
                .filter(r -> !r.equals(target) && share().equals(Percent.ALL))
                .filter(_ -> named(target) && world.shareBefore(target).value() > 0)
                .filter(r -> target.ready() > 0 && target.ready() < Math.min(min, r.ready()));
    }

    private boolean named(Revision revision) {
        var unnamed = Asked.revisionName(service, Optional.empty(), revision.number());
        return !revision.name().equals(unnamed);
    }

    private Step growing(Revision target, Revision stable) {
        return new Step(
                Optional.of(target),
                Optional.of(target),
                Optional.of(stable),
                find(world.memory().previousRolledoutRevision()),
                entries(target, stable, world.shareBefore(target)));
    }

    private Step onto(Revision target) {
        var created = Optional.of(target);
        var rolled = rolledOut(target);
        var previous = find(world.memory().previousRolledoutRevision());
        var share = share();
        if (rolled.isEmpty()) {
            return new Step(created, created, created, previous, all(target));
        }
        if (!rolled.get().equals(target)) {
            return share.equals(Percent.ALL)
                    ? new Step(created, created, created, rolled, all(target))
                    : new Step(
                            created, created, rolled, previous, split(target, rolled.get(), share));
        }
        // A percentage below 100 on what is already rolled out goes back to the one before.
        var back = previous.filter(p -> !p.equals(target) && !share.equals(Percent.ALL));
        return back.map(p -> new Step(created, created, back, back, split(target, p, share)))
                .orElseGet(() -> new Step(created, created, created, previous, all(target)));
    }

    /** The target is not ready: traffic stays where it is, except on an ailing canary. */
    private Step awaiting(Revision target) {
        var rolled = rolledOut(target);
        return new Step(
                Optional.of(target),
                find(world.memory().latestReadyRevision()),
                rolled,
                find(world.memory().previousRolledoutRevision()),
                rolled.map(stable -> held(target, stable)).orElse(List.of()));
    }

    private List<Traffic> held(Revision target, Revision stable) {
        var before = trafficBefore(stable);
        if (stable.equals(target) || !serves(stable, service.predictor())) {
            return before;
        }
        var canary = before.stream().filter(t -> !t.revision().equals(stable.name())).findFirst();
        if (canary.isEmpty() || before.size() == 1) {
            return before;
        }
        var other = known.get(canary.get().revision());
        if (canariesWereDropped()
                || other == null
                || other.equals(target)
                || !serves(other, service.predictor())) {
            return all(stable);
        }
        // An earlier canary keeps its share while its successor starts, or takes less if so asked.
        var had = canary.get().percent();
        return entries(other, stable, share().value() < had.value() ? share() : had);
    }

    /** Whoever takes a named canary out of the manifest wants it to have no traffic. */
    private boolean canariesWereDropped() {
        return service.candidates().isEmpty()
                && world.before()
                        .flatMap(b ->
                                b.condition(ServiceStatus.ConditionType.CANARY_PREDICTOR_READY))
                        .isPresent();
    }

    private Step beside(Revision stable, List<Member> candidates) {
        var stableServes = serves(stable, service.predictor());
        var serving = candidates.stream().filter(Member::serves).toList();
        var created = newest(candidates);
        var before = rolledOut(stable);
        var other = before.filter(b -> !b.equals(stable));
        var previous = find(world.memory().previousRolledoutRevision());
        var ready =
                newest(serving)
                        .or(() ->
                                stableServes
                                        ? Optional.of(stable)
                                        : find(world.memory().latestReadyRevision()));
        if (!stableServes && (before.isEmpty() || other.isPresent())) {
            return new Step(
                    created,
                    ready,
                    before,
                    previous,
                    other.map(this::trafficBefore).orElse(List.of()));
        }
        return new Step(
                created,
                ready,
                Optional.of(stable),
                other.or(() -> previous),
                among(serving, stable));
    }

    private static Optional<Revision> newest(List<Member> members) {
        return members.stream()
                .map(Member::revision)
                .max(Comparator.comparingLong(Revision::number));
    }

    /** Candidates have what they are meant to have, the stable one what is left. */
    private static List<Traffic> among(List<Member> serving, Revision stable) {
        var shares = new LinkedHashMap<Revision, Integer>();
        serving.stream()
                .filter(c -> !c.revision().equals(stable))
                .forEach(c -> shares.merge(c.revision(), c.share().value(), Integer::sum));
        if (shares.isEmpty()) {
            return all(stable);
        }
        var newest = Collections.max(shares.keySet(), Comparator.comparingLong(Revision::number));
        var traffic = new ArrayList<Traffic>();
        shares.forEach((r, share) ->
                traffic.add(
                        new Traffic(
                                r.name(), r.equals(newest), new Percent(share), Optional.empty())));
        int rest = 100 - shares.values().stream().mapToInt(Integer::intValue).sum();
        traffic.add(
                new Traffic(stable.name(), false, new Percent(rest), Optional.of(Tags.PREVIOUS)));
        return traffic;
    }

    /** Moves traffic between two, but never onto a revision that has none yet and is not ready. */
    private List<Traffic> split(Revision target, Revision stable, Percent share) {
        var wakingUp =
                !serves(stable, service.predictor())
                        && world.shareBefore(stable).equals(Percent.NONE);
        return wakingUp ? all(target) : entries(target, stable, share);
    }

    private static List<Traffic> entries(Revision canary, Revision stable, Percent share) {
        return canary.equals(stable)
                ? all(stable)
                : List.of(
                        new Traffic(canary.name(), true, share, Optional.empty()),
                        new Traffic(
                                stable.name(), false, share.rest(), Optional.of(Tags.PREVIOUS)));
    }

    private static List<Traffic> all(Revision revision) {
        return List.of(new Traffic(revision.name(), true, Percent.ALL, Optional.empty()));
    }

    /** What was written last, or everything on one where that no longer adds up. */
    private List<Traffic> trafficBefore(Revision stable) {
        var before = trafficBefore();
        var sum = before.stream().mapToInt(t -> t.percent().value()).sum();
        return sum == 100 ? before : all(stable);
    }

    private List<Traffic> trafficBefore() {
        return world.memory().traffic().stream()
                .filter(t -> known.containsKey(t.revision()))
                .toList();
    }

    private Percent share() {
        return switch (service.rollout()) {
            case Rollout.Latest() -> Percent.ALL;
            case Rollout.Canary(var percent) -> percent;
            case Rollout.Beside _ -> Percent.ALL;
        };
    }

    /** What the status remembers; were it lost, the newest other revision that still serves. */
    private Optional<Revision> rolledOut(Revision target) {
        return find(world.memory().latestRolledoutRevision())
                .or(() ->
                        known.values().stream()
                                .filter(r -> !r.equals(target) && r.ready() > 0)
                                .filter(Revision::proven)
                                .filter(_ -> world.before().isEmpty())
                                .max(Comparator.comparingLong(Revision::number)));
    }

    private Optional<Revision> find(Optional<String> name) {
        return name.map(known::get);
    }

    /** Ready, or able to be woken: a service that sleeps or wakes has not stopped being ready. */
    static boolean serves(Revision revision, Component component) {
        return revision.ready() > 0
                || (maySleep(component) && (revision.asleep() || revision.waking()));
    }

    /** Only our own autoscaler can wake a service; with another one zero replicas are an outage. */
    static boolean maySleep(Component component) {
        return component.scale().min() == 0
                && switch (component.autoscaling().scaler()) {
                    case MAREA -> true;
                    case HPA, KEDA, EXTERNAL, NONE -> false;
                };
    }
}
