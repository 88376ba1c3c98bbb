package dev.marea.core.plan;

import dev.marea.core.plan.Revision.Trouble;
import dev.marea.core.plan.ServiceStatus.Copies;
import dev.marea.core.plan.ServiceStatus.Failure;
import dev.marea.core.plan.ServiceStatus.ModelState;
import dev.marea.core.plan.ServiceStatus.ModelStatus;
import dev.marea.core.plan.ServiceStatus.Transition;
import dev.marea.core.spec.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The state of models in KServe's words. */
final class ModelWords {
    private ModelWords() {}

    /** A spec that cannot run. */
    static ModelStatus invalid(Asked.Unfit unfit, Optional<ModelState> active) {
        return new ModelStatus(
                Transition.INVALID_SPEC,
                active,
                Optional.empty(),
                Optional.empty(),
                Optional.of(
                        new Failure(
                                unfit.reason(),
                                unfit.message(),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));
    }

    /** The service's own model: what it is meant to run, and what answers now. */
    static ModelStatus of(List<Member> members, List<Revision> answering, List<Revision> alive) {
        var active = answering.stream().map(ModelWords::state).max(Comparator.naturalOrder());
        var copies = new Copies(alive.stream().mapToInt(Revision::ready).sum(), failed(members));
        return of(members, active, copies);
    }

    /** A canary's model; it is active once requests come to it. */
    static ModelStatus of(Member member, Rolling.Step step) {
        var routed =
                step.traffic().stream()
                        .anyMatch(t -> t.revision().equals(member.revision().name()));
        var active =
                routed && member.serves()
                        ? Optional.of(state(member.revision()))
                        : Optional.<ModelState>empty();
        var members = List.of(member);
        return of(members, active, new Copies(member.revision().ready(), failed(members)));
    }

    private static ModelStatus of(
            List<Member> members, Optional<ModelState> active, Copies copies) {
        var late = members.stream().filter(m -> !m.serves()).map(Member::revision).toList();
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

    private static int failed(List<Member> members) {
        return members.stream()
                .flatMap(m -> m.revision().trouble().stream())
                .filter(Trouble::terminal)
                .mapToInt(Trouble::pods)
                .sum();
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
}
