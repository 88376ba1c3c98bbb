package dev.marea.local.controllers;

import dev.marea.local.objects.Meta;
import dev.marea.local.work.Conditions;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The status of a Deployment, with the words that kubectl's rollout commands wait for. */
record DeploymentStatus(
        DeploymentView deployment, Optional<ReplicaSetView> latest, List<ReplicaSetView> old) {
    private static final String PROGRESSING = "Progressing";
    private static final String COMPLETE = "NewReplicaSetAvailable";
    private static final String LATE = "ProgressDeadlineExceeded";

    private record Counts(int replicas, int updated, int ready, int available) {
        static Counts of(Json status) {
            return new Counts(
                    count(status, "replicas"),
                    count(status, "updatedReplicas"),
                    count(status, "readyReplicas"),
                    count(status, "availableReplicas"));
        }

        private static int count(Json status, String field) {
            return (int) status.integer(field).orElse(0);
        }
    }

    private Counts counts() {
        var all = new ArrayList<>(old);
        latest.ifPresent(all::add);
        return new Counts(
                all.stream().mapToInt(ReplicaSetView::there).sum(),
                latest.map(ReplicaSetView::there).orElse(0),
                all.stream().mapToInt(ReplicaSetView::ready).sum(),
                all.stream().mapToInt(ReplicaSetView::available).sum());
    }

    private int asked() {
        return old.stream().mapToInt(ReplicaSetView::replicas).sum()
                + latest.map(ReplicaSetView::replicas).orElse(0);
    }

    Json.Obj over(Json.Obj before, Instant now) {
        var counts = counts();
        return before.with("observedGeneration", Json.of(deployment.meta().generation()))
                .with("replicas", Json.of(counts.replicas()))
                .with("updatedReplicas", Json.of(counts.updated()))
                .with("readyReplicas", Json.of(counts.ready()))
                .with("availableReplicas", Json.of(counts.available()))
                .with("unavailableReplicas", Json.of(Math.max(0, asked() - counts.available())))
                .with("conditions", Json.of(conditions(before, counts, now).items()));
    }

    private Conditions conditions(Json.Obj before, Counts counts, Instant now) {
        var conditions = new Conditions(before.list("conditions")).with(available(counts), now);
        return progress(conditions, Counts.of(before), counts, now)
                .map(condition -> conditions.with(updated(condition, conditions, now), now))
                .orElse(conditions);
    }

    /** Its update time moves when there was progress, and is what the deadline counts from. */
    private static Json.Obj updated(Json.Obj condition, Conditions before, Instant now) {
        var same =
                before.find(PROGRESSING)
                        .filter(c -> c.text("reason").equals(condition.text("reason")))
                        .filter(c -> !c.text("reason").orElse("").equals("ReplicaSetUpdated"))
                        .flatMap(c -> c.text("lastUpdateTime"));
        return condition.with("lastUpdateTime", Json.of(same.orElse(Meta.stamp(now))));
    }

    private Json.Obj available(Counts counts) {
        return counts.available() >= deployment.replicas() - deployment.unavailable()
                ? Conditions.condition(
                        "Available",
                        true,
                        "MinimumReplicasAvailable",
                        "Deployment has minimum availability.")
                : Conditions.condition(
                        "Available",
                        false,
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.");
    }

    /** Empty if the condition may stay as it is. */
    private Optional<Json.Obj> progress(
            Conditions conditions, Counts before, Counts counts, Instant now) {
        var reason = conditions.find(PROGRESSING).flatMap(c -> c.text("reason")).orElse("");
        if (deployment.paused()) {
            return Optional.of(unknown("DeploymentPaused", "Deployment is paused"));
        }
        var set = latest.map(s -> "ReplicaSet \"" + s.name() + "\"").orElse("Deployment");
        if (complete(counts)) {
            return Optional.of(holds(COMPLETE, set + " has successfully progressed."));
        }
        if (reason.equals(COMPLETE)
                && counts.replicas() == counts.updated()
                && latestIsKnown(conditions)) {
            return Optional.empty(); // it was rolled out; what fails now is no rollout
        }
        if (progressed(before, counts) || reason.isEmpty() || reason.equals(COMPLETE)) {
            return Optional.of(holds("ReplicaSetUpdated", set + " is progressing."));
        }
        if (reason.equals("DeploymentPaused")) {
            return Optional.of(unknown("DeploymentResumed", "Deployment is resumed"));
        }
        return late(conditions, now).filter(left -> left.isZero() || left.isNegative()).isPresent()
                ? Optional.of(
                        Conditions.condition(
                                PROGRESSING, false, LATE, set + " has timed out progressing."))
                : Optional.empty();
    }

    /** The finished rollout was that of the present template. */
    private boolean latestIsKnown(Conditions conditions) {
        return latest.isPresent()
                && conditions
                        .find(PROGRESSING)
                        .flatMap(c -> c.text("message"))
                        .orElse("")
                        .contains('"' + latest.get().name() + '"');
    }

    private boolean complete(Counts counts) {
        return latest.isPresent()
                && counts.updated() == deployment.replicas()
                && counts.replicas() == deployment.replicas()
                && counts.available() == deployment.replicas();
    }

    private static boolean progressed(Counts before, Counts now) {
        return now.updated() > before.updated()
                || now.replicas() - now.updated() < before.replicas() - before.updated()
                || now.ready() > before.ready()
                || now.available() > before.available();
    }

    /** How long until there has been no progress for too long. */
    Optional<Duration> late(Conditions conditions, Instant now) {
        var condition = conditions.find(PROGRESSING);
        var reason = condition.flatMap(c -> c.text("reason")).orElse("");
        if (deployment.deadlineSeconds().isEmpty()
                || deployment.paused()
                || reason.equals(COMPLETE)
                || reason.equals(LATE)) {
            return Optional.empty();
        }
        return condition
                .flatMap(c -> Meta.instant(c.text("lastUpdateTime")))
                .map(since ->
                        Duration.between(
                                now, since.plusSeconds(deployment.deadlineSeconds().getAsLong())));
    }

    private static Json.Obj holds(String reason, String message) {
        return Conditions.condition(PROGRESSING, true, reason, message);
    }

    private static Json.Obj unknown(String reason, String message) {
        return holds(reason, message).with("status", Json.of("Unknown"));
    }
}
