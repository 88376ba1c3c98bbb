package dev.marea.core.plan;

import dev.marea.core.plan.Revision.Trouble;
import dev.marea.core.plan.ServiceStatus.ComponentStatus;
import dev.marea.core.plan.ServiceStatus.Condition;
import dev.marea.core.plan.ServiceStatus.ConditionType;
import dev.marea.core.plan.ServiceStatus.Copies;
import dev.marea.core.plan.ServiceStatus.Failure;
import dev.marea.core.plan.ServiceStatus.ModelState;
import dev.marea.core.plan.ServiceStatus.ModelStatus;
import dev.marea.core.plan.ServiceStatus.RuntimeRef;
import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.core.plan.ServiceStatus.Transition;
import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts a plan's step and what was observed into the words of a status. */
record Statuses(Service service, World world) {

    /** One condition's truth before it has a type and a time. */
    private record Word(Truth truth, Reason reason, String message) {
        static final Word YES = new Word(Truth.TRUE, Reason.READY, "");

        static Word no(Reason reason, String message) {
            return new Word(Truth.FALSE, reason, message);
        }

        static Word notYet(Reason reason, String message) {
            return new Word(Truth.UNKNOWN, reason, message);
        }
    }

    ServiceStatus running(
            Asked.Fit asked, Rolling.Step step, List<Revision> members, List<Revision> alive) {
        var late = members.stream().filter(r -> !serves(r)).toList();
        var trouble = late.stream().flatMap(r -> r.trouble().stream()).max(gravity());
        var configuration = configuration(late, trouble);
        var route = route(step, alive);
        return status(
                asked.runtime(),
                conditions(configuration, route, exposed()),
                component(step),
                model(step, members, alive, late),
                servable(step, alive));
    }

    ServiceStatus unrunnable(Asked.Unfit asked, Rolling.Step step) {
        var word = Word.no(asked.reason(), asked.message());
        var routed = !step.traffic().isEmpty();
        var ingress =
                routed
                        ? exposed()
                        : Word.notYet(Reason.PROGRESSING, "nothing runs that could be routed to");
        var serving = servable(step, world.revisions());
        var model =
                new ModelStatus(
                        Transition.INVALID_SPEC,
                        serving ? Optional.of(ModelState.LOADED) : Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(
                                new Failure(
                                        asked.reason(),
                                        asked.message(),
                                        OptionalInt.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty())));
        return status(
                Optional.empty(),
                conditions(word, route(step, world.revisions()), ingress),
                component(step),
                model,
                serving);
    }

    ServiceStatus stopped(Optional<RuntimeRef> runtime) {
        var word =
                Word.no(
                        Reason.STOPPED,
                        "stopped by the annotation serving.kserve.io/stop; remove it to start again");
        var conditions = new ArrayList<>(conditions(word, word, word));
        conditions.add(
                condition(ConditionType.STOPPED, new Word(Truth.TRUE, Reason.STOPPED, ""), true));
        var memory = world.memory();
        var asleep =
                new ComponentStatus(
                        Optional.empty(),
                        Optional.empty(),
                        memory.latestCreatedRevision(),
                        memory.latestReadyRevision(),
                        memory.latestRolledoutRevision(),
                        memory.previousRolledoutRevision(),
                        List.of());
        var model =
                new ModelStatus(
                        Transition.UP_TO_DATE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Copies(0, 0)),
                        Optional.empty());
        return status(runtime, conditions, asleep, model, false);
    }

    private ServiceStatus status(
            Optional<RuntimeRef> runtime,
            List<Condition> conditions,
            ComponentStatus component,
            ModelStatus model,
            boolean servable) {
        return new ServiceStatus(
                service.generation(),
                service.mode(),
                Optional.of(world.url()),
                Optional.of(world.address()),
                runtime,
                conditions.stream().sorted(Comparator.comparing(Condition::type)).toList(),
                component,
                model,
                servable,
                service.warnings(),
                world.scaling());
    }

    /** Whether the newest revisions could be brought up. */
    private static Word configuration(List<Revision> late, Optional<Trouble> trouble) {
        if (late.isEmpty()) {
            return Word.YES;
        }
        if (trouble.isPresent()) {
            var bad = trouble.get();
            return bad.terminal()
                    ? Word.no(bad.reason(), bad.message())
                    : Word.notYet(bad.reason(), bad.message());
        }
        var first = late.getFirst();
        return Word.notYet(
                Reason.PROGRESSING,
                first.replicas()
                        .map(r ->
                                "revision %s is starting: %d of %d replicas ready"
                                        .formatted(first.name(), r.ready(), r.desired()))
                        .orElse("revision %s is being created".formatted(first.name())));
    }

    /** Whether everyone who has a share of traffic can answer. */
    private Word route(Rolling.Step step, List<Revision> alive) {
        if (step.traffic().isEmpty()) {
            return Word.notYet(Reason.PROGRESSING, "no revision has been ready yet");
        }
        return step.traffic().stream()
                .filter(t -> t.percent().value() > 0)
                .filter(t -> find(t, alive).filter(this::serves).isEmpty())
                .findFirst()
                .map(t -> ailing(t, find(t, alive)))
                .orElse(Word.YES);
    }

    private static Word ailing(Traffic traffic, Optional<Revision> revision) {
        return revision.flatMap(Revision::trouble)
                .filter(Trouble::terminal)
                .map(bad -> Word.no(bad.reason(), bad.message()))
                .orElseGet(() ->
                        Word.notYet(
                                Reason.REVISION_NOT_READY,
                                "revision %s has %d%% of traffic and no ready replica"
                                        .formatted(traffic.revision(), traffic.percent().value())));
    }

    /** Whether the names that lead to the service do so. */
    private Word exposed() {
        var exposure = world.exposure();
        return new Word(exposure.truth(), exposure.reason(), exposure.message());
    }

    private List<Condition> conditions(Word configuration, Word route, Word ingress) {
        var predictor = worse(configuration, route);
        var conditions = new ArrayList<Condition>();
        conditions.add(condition(ConditionType.INGRESS_READY, ingress, false));
        conditions.add(condition(ConditionType.PREDICTOR_READY, predictor, false));
        conditions.add(condition(ConditionType.READY, worse(predictor, ingress), false));
        if (service.mode() == DeploymentMode.KNATIVE) {
            conditions.add(
                    condition(ConditionType.PREDICTOR_CONFIGURATION_READY, configuration, true));
            conditions.add(condition(ConditionType.PREDICTOR_ROUTE_READY, route, true));
        }
        world.autoscaler()
                .ifPresent(why ->
                        conditions.add(
                                condition(
                                        ConditionType.AUTOSCALER_UNAVAILABLE,
                                        new Word(Truth.TRUE, Reason.AUTOSCALER_UNAVAILABLE, why),
                                        true)));
        if (!world.exposure().conflicts().isEmpty()) {
            var taken =
                    new Word(
                            Truth.TRUE,
                            Reason.HOST_CONFLICT,
                            String.join("; ", world.exposure().conflicts()));
            conditions.add(condition(ConditionType.HOST_CONFLICT, taken, true));
        }
        return conditions;
    }

    /** A no beats a not-yet, and that beats a yes; among equals the first speaks. */
    private static Word worse(Word first, Word second) {
        return rank(second) > rank(first) ? second : first;
    }

    private static int rank(Word word) {
        return switch (word.truth()) {
            case TRUE -> 0;
            case UNKNOWN -> 1;
            case FALSE -> 2;
        };
    }

    /** The time of a condition moves only when its truth does. */
    private Condition condition(ConditionType type, Word word, boolean informative) {
        var since =
                world.before()
                        .flatMap(b -> b.condition(type))
                        .filter(c -> c.truth() == word.truth())
                        .map(Condition::since)
                        .orElse(world.now());
        return new Condition(type, word.truth(), informative, word.reason(), word.message(), since);
    }

    private ComponentStatus component(Rolling.Step step) {
        return new ComponentStatus(
                Optional.of(world.url()),
                Optional.of(world.address()),
                step.created().map(Revision::name),
                step.ready().map(Revision::name),
                step.rolledOut().map(Revision::name),
                step.previous().map(Revision::name),
                step.traffic());
    }

    private ModelStatus model(
            Rolling.Step step, List<Revision> members, List<Revision> alive, List<Revision> late) {
        var active =
                step.traffic().stream()
                        .flatMap(t -> find(t, alive).stream())
                        .filter(this::serves)
                        .map(Statuses::state)
                        .max(Comparator.naturalOrder());
        var copies =
                new Copies(
                        alive.stream().mapToInt(Revision::ready).sum(),
                        members.stream()
                                .flatMap(r -> r.trouble().stream())
                                .filter(Trouble::terminal)
                                .mapToInt(Trouble::pods)
                                .sum());
        if (late.isEmpty()) {
            return new ModelStatus(
                    Transition.UP_TO_DATE, active, active, Optional.of(copies), Optional.empty());
        }
        var failed =
                late.stream()
                        .filter(r -> r.trouble().filter(Trouble::terminal).isPresent())
                        .findFirst();
        return failed.map(r ->
                        new ModelStatus(
                                Transition.BLOCKED_BY_FAILED_LOAD,
                                active,
                                Optional.of(ModelState.FAILED_TO_LOAD),
                                Optional.of(copies),
                                r.trouble().map(t -> failure(r, t))))
                .orElseGet(() ->
                        new ModelStatus(
                                Transition.IN_PROGRESS,
                                active,
                                Optional.of(state(late.getFirst())),
                                Optional.of(copies),
                                Optional.empty()));
    }

    /** KServe's clients know only these words for a failure; the condition has the exact one. */
    private static Failure failure(Revision revision, Trouble trouble) {
        var reason =
                trouble.reason() == Reason.MODEL_LOAD_FAILED
                        ? Reason.MODEL_LOAD_FAILED
                        : Reason.RUNTIME_UNHEALTHY;
        return new Failure(
                reason,
                trouble.message(),
                trouble.exitCode(),
                trouble.pod(),
                Optional.of(revision.name()),
                trouble.time());
    }

    private static ModelState state(Revision revision) {
        if (revision.ready() > 0) {
            return ModelState.LOADED;
        }
        if (revision.asleep()) {
            return ModelState.STANDBY;
        }
        return revision.replicas().filter(r -> r.started() > 0).isPresent()
                ? ModelState.LOADING
                : ModelState.PENDING;
    }

    private boolean servable(Rolling.Step step, List<Revision> alive) {
        return step.traffic().stream()
                .anyMatch(t ->
                        t.percent().value() > 0 && find(t, alive).filter(this::serves).isPresent());
    }

    private boolean serves(Revision revision) {
        return Rolling.serves(revision, service.predictor())
                || Rolling.serves(revision, candidate());
    }

    private Component candidate() {
        return service.rollout() instanceof Rollout.SideBySide beside
                ? beside.candidate()
                : service.predictor();
    }

    private static Optional<Revision> find(Traffic traffic, List<Revision> alive) {
        return alive.stream().filter(r -> r.name().equals(traffic.revision())).findFirst();
    }

    private static Comparator<Trouble> gravity() {
        return Comparator.comparing(Trouble::terminal);
    }
}
