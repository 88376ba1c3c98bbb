package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.plan.TrainedVerdict;
import dev.marea.core.plan.TrainedVerdict.Aspect;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.reconcile.ServiceEvents.Tone;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what is said of TrainedModels, where it is not said already, and tells the news. */
final class TrainedStatuses {
    private static final Logger LOG = LoggerFactory.getLogger(TrainedStatuses.class);

    private final Api api;
    private final ServiceEvents events;
    private final InstantSource clock;

    TrainedStatuses(Api api, ServiceEvents events, InstantSource clock) {
        this.api = api;
        this.events = events;
        this.clock = clock;
    }

    /** Where a model is asked, outside and inside the platform. */
    record Urls(Optional<String> url, Optional<String> address) {
        static final Urls NONE = new Urls(Optional.empty(), Optional.empty());
    }

    void write(Json.Obj tree, List<TrainedVerdict> verdicts, Urls urls) throws IOException {
        var before = tree.object("status");
        var wanted = status(tree, verdicts, urls);
        if (wanted.equals(before)) {
            return;
        }
        var subject = Subject.of(tree);
        var patch =
                Json.Obj.of(
                        "apiVersion", Kind.TRAINED_MODEL.apiVersion(),
                        "kind", Kind.TRAINED_MODEL.name(),
                        "metadata",
                                Json.Obj.of(
                                        "name", subject.name(), "namespace", subject.namespace()),
                        "status", wanted);
        try {
            api.applyStatus(Kind.TRAINED_MODEL, subject.namespace(), patch);
            tell(subject, before, wanted);
        } catch (ApiRefusal refused) {
            if (!refused.notFound()) {
                throw refused;
            }
            // Deleted meanwhile; there is nobody to tell.
        }
    }

    private Json.Obj status(Json.Obj tree, List<TrainedVerdict> verdicts, Urls urls) {
        var status =
                Json.Obj.of(
                        "observedGeneration",
                        tree.integer("metadata", "generation").orElse(0),
                        "conditions",
                        verdicts.stream()
                                .sorted(Comparator.comparing(v -> v.type().wireName()))
                                .map(v -> condition(tree.object("status"), v))
                                .toList());
        if (urls.url().isPresent()) {
            status = status.with("url", Json.of(urls.url().get()));
        }
        return urls.address().isPresent()
                ? status.with("address", Json.Obj.of("url", urls.address().get()))
                : status;
    }

    private Json.Obj condition(Json.Obj before, TrainedVerdict verdict) {
        var since =
                condition(before, verdict.type())
                        .filter(c ->
                                c.text("status")
                                        .filter(verdict.truth().wireName()::equals)
                                        .isPresent())
                        .flatMap(c -> c.text("lastTransitionTime"))
                        .orElseGet(
                                () -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        var condition =
                Json.Obj.of(
                        "type", verdict.type().wireName(),
                        "status", verdict.truth().wireName(),
                        "reason", verdict.reason().wireName(),
                        "lastTransitionTime", since);
        return verdict.message().isEmpty()
                ? condition
                : condition.with("message", Json.of(verdict.message()));
    }

    private static Optional<Json> condition(Json.Obj status, Aspect type) {
        return status.list("conditions").stream()
                .filter(c -> c.text("type").filter(type.wireName()::equals).isPresent())
                .findFirst();
    }

    private void tell(Subject subject, Json.Obj before, Json.Obj now) {
        var was = condition(before, Aspect.READY).orElse(Json.Obj.EMPTY);
        var is = condition(now, Aspect.READY).orElse(Json.Obj.EMPTY);
        var truth = is.text("status").orElse("");
        var message = is.text("message").orElse("");
        if (truth.equals(was.text("status").orElse(""))
                && message.equals(was.text("message").orElse(""))) {
            return;
        }
        if (truth.equals(Truth.TRUE.wireName())) {
            say(subject, Tone.NORMAL, "TrainedModelReady", now.text("url").orElse(""));
        } else if (truth.equals(Truth.FALSE.wireName())) {
            say(subject, Tone.WARNING, is.text("reason").orElse(""), message);
        }
    }

    private void say(Subject subject, Tone tone, String reason, String message) {
        LOG.info("model {}/{}: {}: {}", subject.namespace(), subject.name(), reason, message);
        events.tell(Kind.TRAINED_MODEL, subject, tone, reason, message);
    }
}
