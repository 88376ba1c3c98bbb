package dev.marea.core.plan;

import dev.marea.core.plan.Plan.Part;
import dev.marea.core.plan.Plan.Run;
import dev.marea.core.plan.Plan.Share;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Scale;
import dev.marea.core.spec.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what should run for one service: which revisions exist, which of them have replicas, who
 * gets the traffic, and what the status says about it.
 *
 * @param history how many revisions are kept to go back to
 * @param drain how long a revision keeps its replicas after its traffic has moved away, so that no
 *     gateway still sends to it when they stop
 */
public record Planner(int history, Duration drain) {
    public static final Planner DEFAULT = new Planner(10, Duration.ofSeconds(5));

    public Plan plan(Service service, Asked asked, World world) {
        return switch (asked) {
            case Asked.Fit runnable when service.stopped() -> stopped(service, runnable, world);
            case Asked.Fit runnable -> running(service, runnable, world);
            case Asked.Unfit unrunnable -> unrunnable(service, unrunnable, world);
        };
    }

    private Plan running(Service service, Asked.Fit asked, World world) {
        var cast = Cast.of(service, asked, world);
        var tags = new Tags(service.tagRouting(), world.url(), cast.candidates());
        var step = cast.step(service, world).tagged(tags);
        var shares = shares(step, cast, service);
        var wanted = wanted(cast, step);
        var alive = alive(wanted, cast.revisions());
        var status =
                new Statuses(service, world)
                        .running(asked, step, new Crew(cast.stable(), cast.candidates(), alive));
        return new Plan(
                cast.create(),
                cast.proved(),
                runs(service, cast, wanted),
                drained(cast.revisions(), wanted, step, world),
                retired(cast.revisions(), wanted, step, world),
                forgotten(cast.revisions(), wanted, step),
                shares,
                recheck(cast.revisions(), wanted, world),
                status);
    }

    /** Everything goes but the memory of what ran. */
    private Plan stopped(Service service, Asked.Fit asked, World world) {
        return new Plan(
                List.of(),
                Set.of(),
                List.of(),
                Set.of(),
                world.revisions().stream().map(Revision::name).collect(Collectors.toSet()),
                Set.of(),
                List.of(),
                Optional.empty(),
                new Statuses(service, world).stopped(asked.runtime()));
    }

    /** A spec that cannot run changes nothing of what runs. */
    private Plan unrunnable(Service service, Asked.Unfit asked, World world) {
        if (service.stopped()) {
            return stopped(service, new Asked.Fit("", List.of(), Optional.empty()), world);
        }
        var step = Rolling.still(service, world, world.revisions());
        var routed = routed(step);
        var runs =
                world.revisions().stream()
                        .filter(r -> routed.contains(r.name()))
                        .map(r -> run(r, service.predictor(), Part.PREDICTOR))
                        .toList();
        return new Plan(
                List.of(),
                Set.of(),
                runs,
                Set.of(),
                Set.of(),
                Set.of(),
                step.traffic().stream().map(t -> Share.of(t, service.tagRouting())).toList(),
                Optional.empty(),
                new Statuses(service, world).unrunnable(asked, step));
    }

    /** Until the first revision is ready nobody has a share, and requests wait for it. */
    private static List<Share> shares(Rolling.Step step, Cast cast, Service service) {
        return step.traffic().isEmpty()
                ? List.of(new Share(cast.stable().revision().name(), Percent.ALL))
                : step.traffic().stream().map(t -> Share.of(t, service.tagRouting())).toList();
    }

    private static Set<String> wanted(Cast cast, Rolling.Step step) {
        var wanted = new LinkedHashSet<String>();
        cast.members().forEach(m -> wanted.add(m.revision().name()));
        wanted.addAll(routed(step));
        step.rolledOut().ifPresent(r -> wanted.add(r.name()));
        return wanted;
    }

    private static Set<String> routed(Rolling.Step step) {
        return step.traffic().stream()
                .map(ServiceStatus.Traffic::revision)
                .collect(Collectors.toSet());
    }

    private static List<Revision> alive(Set<String> wanted, List<Revision> revisions) {
        return revisions.stream().filter(r -> wanted.contains(r.name())).toList();
    }

    private static List<Run> runs(Service service, Cast cast, Set<String> wanted) {
        var runs = new ArrayList<Run>();
        for (var revision : cast.revisions()) {
            if (wanted.contains(revision.name())) {
                runs.add(
                        cast.candidate(revision)
                                .map(c -> run(revision, c.component(), Part.CANARY))
                                .orElseGet(
                                        () -> run(revision, service.predictor(), Part.PREDICTOR)));
            }
        }
        return runs;
    }

    private static Run run(Revision revision, Component component, Part part) {
        var scale = component.scale();
        var mayRest = revision.proven() && Rolling.maySleep(component);
        var bounded =
                mayRest || scale.min() > 0
                        ? component
                        : new Component(
                                component.workload(),
                                new Scale(1, scale.max()),
                                component.autoscaling(),
                                component.containerConcurrency(),
                                component.timeout());
        return new Run(revision.name(), bounded, part);
    }

    /** The one rolled out before, and whoever still drains, keep a Deployment. */
    private Set<String> drained(
            List<Revision> revisions, Set<String> wanted, Rolling.Step step, World world) {
        return revisions.stream()
                .filter(r -> !wanted.contains(r.name()) && r.replicas().isPresent())
                .filter(r -> step.previous().filter(r::equals).isPresent())
                .filter(r -> rested(r, world))
                .map(Revision::name)
                .collect(Collectors.toSet());
    }

    private Set<String> retired(
            List<Revision> revisions, Set<String> wanted, Rolling.Step step, World world) {
        return revisions.stream()
                .filter(r -> !wanted.contains(r.name()) && r.replicas().isPresent())
                .filter(r -> step.previous().filter(r::equals).isEmpty())
                .filter(r -> rested(r, world))
                .map(Revision::name)
                .collect(Collectors.toSet());
    }

    /** Whether nobody can be sending to it any more. */
    private boolean rested(Revision revision, World world) {
        return !revision.proven()
                || revision.unroutedSince()
                        .filter(since -> !world.now().isBefore(since.plus(drain)))
                        .isPresent();
    }

    private Optional<Duration> recheck(List<Revision> revisions, Set<String> wanted, World world) {
        return revisions.stream()
                .filter(r -> !wanted.contains(r.name()) && r.replicas().isPresent())
                .filter(r -> !rested(r, world))
                .map(r ->
                        r.unroutedSince()
                                .map(since -> Duration.between(world.now(), since.plus(drain)))
                                .orElse(drain))
                .min(Comparator.naturalOrder());
    }

    private Set<String> forgotten(List<Revision> revisions, Set<String> wanted, Rolling.Step step) {
        var kept = new HashSet<>(wanted);
        Stream.of(step.previous(), step.ready())
                .flatMap(Optional::stream)
                .forEach(r -> kept.add(r.name()));
        revisions.stream()
                .sorted(Comparator.comparingLong(Revision::number).reversed())
                .limit(history)
                .forEach(r -> kept.add(r.name()));
        return revisions.stream()
                .map(Revision::name)
                .filter(name -> !kept.contains(name))
                .collect(Collectors.toSet());
    }
}
