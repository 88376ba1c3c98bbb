package dev.marea.core.plan;

import dev.marea.core.plan.Revision.Trouble;
import dev.marea.core.plan.ServiceStatus.CanaryStatus;
import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a status says of the named canaries. They have a condition of their own and do not keep the
 * service from being ready: who tries a new version beside a good one still has the good one.
 */
record CanaryWords(Service service, Asked.Fit asked, Crew crew, Rolling.Step step) {

    List<CanaryStatus> statuses() {
        var statuses = new ArrayList<CanaryStatus>();
        for (int i = 0; i < asked.candidates().size(); i++) {
            var wanted = service.candidates().get(i);
            if (wanted.name().isPresent()) {
                statuses.add(status(wanted.name().get(), wanted, asked.candidates().get(i)));
            }
        }
        return statuses;
    }

    private CanaryStatus status(String name, Rollout.Candidate wanted, Asked.Candidate candidate) {
        return switch (candidate) {
            case Asked.Unfit unfit ->
                    new CanaryStatus(
                            name, false, Percent.NONE, ModelWords.invalid(unfit, Optional.empty()));
            case Asked.Identity(var hash) ->
                    crew.candidates().stream()
                            .filter(c -> c.version().equals(wanted.name()))
                            .filter(c -> c.revision().hash().equals(hash))
                            .findFirst()
                            .map(member -> status(name, member))
                            .orElseThrow(() -> new IllegalStateException("no member " + name));
        };
    }

    private CanaryStatus status(String name, Member member) {
        return new CanaryStatus(name, member.serves(), share(member), ModelWords.of(member, step));
    }

    private Percent share(Member member) {
        return step.traffic().stream()
                .filter(t -> t.revision().equals(member.revision().name()))
                .map(ServiceStatus.Traffic::percent)
                .findFirst()
                .orElse(Percent.NONE);
    }

    /** The condition of all of them together; empty without any. */
    Optional<Word> word() {
        if (service.candidates().stream().noneMatch(c -> c.name().isPresent())) {
            return Optional.empty();
        }
        var late = new ArrayList<Word>();
        for (int i = 0; i < asked.candidates().size(); i++) {
            var name = service.candidates().get(i).name();
            if (name.isPresent()) {
                late(name.get(), asked.candidates().get(i)).ifPresent(late::add);
            }
        }
        return Optional.of(
                late.stream()
                        .filter(w -> w.truth() == Truth.FALSE)
                        .findFirst()
                        .or(() -> late.stream().findFirst())
                        .orElse(new Word(Truth.TRUE, Reason.ALL_CANARIES_READY, "")));
    }

    private Optional<Word> late(String name, Asked.Candidate candidate) {
        return switch (candidate) {
            case Asked.Unfit(_, var message) ->
                    Optional.of(
                            Word.no(
                                    Reason.CANARIES_NOT_READY,
                                    "canary %s: %s".formatted(name, message)));
            case Asked.Identity _ ->
                    crew.candidates().stream()
                            .filter(c -> c.version().filter(name::equals).isPresent())
                            .filter(c -> !c.serves())
                            .findFirst()
                            .map(c -> late(name, c.revision()));
        };
    }

    private static Word late(String name, Revision revision) {
        var why = revision.trouble().map(Trouble::message).orElseGet(() -> Word.starting(revision));
        var message = "canary %s: %s".formatted(name, why);
        return revision.trouble().filter(Trouble::terminal).isPresent()
                ? Word.no(Reason.CANARIES_NOT_READY, message)
                : Word.notYet(Reason.CANARIES_NOT_READY, message);
    }
}
