package dev.marea.core.plan;

import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.Reason;

/** One condition's truth before it has a type and a time. */
record Word(Truth truth, Reason reason, String message) {
    static final Word YES = new Word(Truth.TRUE, Reason.READY, "");

    static Word no(Reason reason, String message) {
        return new Word(Truth.FALSE, reason, message);
    }

    static Word notYet(Reason reason, String message) {
        return new Word(Truth.UNKNOWN, reason, message);
    }

    /** A no beats a not-yet, and that beats a yes; among equals the first speaks. */
    static Word worse(Word first, Word second) {
        return second.rank() > first.rank() ? second : first;
    }

    private int rank() {
        return switch (truth) {
            case TRUE -> 0;
            case UNKNOWN -> 1;
            case FALSE -> 2;
        };
    }

    /** How far a revision is that nothing keeps from starting. */
    static String starting(Revision revision) {
        var fetching = revision.fetch().filter(fetch -> !fetch.done());
        if (fetching.isPresent() && revision.ready() == 0) {
            return "revision %s is fetching its model%s"
                    .formatted(revision.name(), fetching.get().words());
        }
        return revision.replicas()
                .map(r ->
                        "revision %s is starting: %d of %d replicas ready"
                                .formatted(revision.name(), r.ready(), r.desired()))
                .orElse("revision %s is being created".formatted(revision.name()));
    }
}
