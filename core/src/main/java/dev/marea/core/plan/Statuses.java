package dev.marea.core.plan;

import dev.marea.core.plan.Revision.Trouble;
import dev.marea.core.plan.ServiceStatus.CanaryStatus;
import dev.marea.core.plan.ServiceStatus.ComponentStatus;
import dev.marea.core.plan.ServiceStatus.Condition;
import dev.marea.core.plan.ServiceStatus.ConditionType;
import dev.marea.core.plan.ServiceStatus.Copies;
import dev.marea.core.plan.ServiceStatus.Fetched;
import dev.marea.core.plan.ServiceStatus.ModelState;
import dev.marea.core.plan.ServiceStatus.ModelStatus;
import dev.marea.core.plan.ServiceStatus.RuntimeRef;
import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.core.plan.ServiceStatus.Transition;
import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts a plan's step and what was observed into the words of a status. */
record Statuses(Service service, World world) {

    ServiceStatus running(Asked.Fit asked, Rolling.Step step, Crew crew) {
        var late =
                crew.essential().stream().filter(m -> !m.serves()).map(Member::revision).toList();
        var canaries = new CanaryWords(service, asked, crew, step);
        var conditions =
                conditions(configuration(late, step), route(step, crew.alive()), exposed());
        canaries.word().ifPresent(w -> conditions.add(canaryCondition(w)));
        return status(
                asked.runtime(),
                conditions,
                component(step),
                model(step, crew),
                canaries.statuses(),
                servable(step, crew.alive()));
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
                ModelWords.invalid(
                        asked, serving ? Optional.of(ModelState.LOADED) : Optional.empty());
        return status(
                Optional.empty(),
                conditions(word, route(step, world.revisions()), ingress),
                component(step),
                model,
                List.of(),
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
        if (service.candidates().stream().anyMatch(c -> c.name().isPresent())) {
            conditions.add(canaryCondition(word));
        }
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
        return status(runtime, conditions, asleep, model, List.of(), false);
    }

    private ServiceStatus status(
            Optional<RuntimeRef> runtime,
            List<Condition> conditions,
            ComponentStatus component,
            ModelStatus model,
            List<CanaryStatus> canaries,
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
                canaries,
                servable,
                service.warnings(),
                world.scaling(),
                fetches());
    }

    private List<Fetched> fetches() {
        return world.revisions().stream()
                .flatMap(r -> r.fetch().map(f -> new Fetched(r.name(), f)).stream())
                .toList();
    }

    /** Whether the revisions that are meant to run could be brought up. */
    private Word configuration(List<Revision> late, Rolling.Step step) {
        if (late.isEmpty()) {
            return promotion(step);
        }
        return late.stream()
                .flatMap(r -> r.trouble().stream())
                .max(Comparator.comparing(Trouble::terminal))
                .map(bad ->
                        bad.terminal()
                                ? Word.no(bad.reason(), bad.message())
                                : Word.notYet(bad.reason(), bad.message()))
                .orElseGet(() -> Word.notYet(Reason.PROGRESSING, Word.starting(late.getFirst())));
    }

    /** A canary that was promoted and must grow first has not taken over yet. */
    private Word promotion(Rolling.Step step) {
        var grows =
                service.rollout() instanceof Rollout.Latest
                        && !step.ready().equals(step.rolledOut())
                        && step.ready().equals(step.created());
        return grows
                ? step.ready()
                        .map(r -> Word.notYet(Reason.PROGRESSING, Word.starting(r)))
                        .orElse(Word.YES)
                : Word.YES;
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
        var predictor = Word.worse(configuration, route);
        var conditions = new ArrayList<Condition>();
        conditions.add(condition(ConditionType.INGRESS_READY, ingress, false));
        conditions.add(condition(ConditionType.PREDICTOR_READY, predictor, false));
        conditions.add(condition(ConditionType.READY, Word.worse(predictor, ingress), false));
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

    private Condition canaryCondition(Word word) {
        return condition(ConditionType.CANARY_PREDICTOR_READY, word, true);
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

    private ModelStatus model(Rolling.Step step, Crew crew) {
        var own = crew.own();
        var answering =
                step.traffic().stream()
                        .flatMap(t -> find(t, own).stream())
                        .filter(this::serves)
                        .toList();
        return ModelWords.of(crew.essential(), answering, own);
    }

    private boolean servable(Rolling.Step step, List<Revision> alive) {
        return step.traffic().stream()
                .anyMatch(t ->
                        t.percent().value() > 0 && find(t, alive).filter(this::serves).isPresent());
    }

    private boolean serves(Revision revision) {
        return Rolling.serves(revision, service.predictor())
                || service.candidates().stream()
                        .anyMatch(c -> Rolling.serves(revision, c.component()));
    }

    private static Optional<Revision> find(Traffic traffic, List<Revision> alive) {
        return alive.stream().filter(r -> r.name().equals(traffic.revision())).findFirst();
    }
}
