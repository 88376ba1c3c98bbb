package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Plan;
import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.plan.ServiceStatus.ConditionType;
import dev.marea.core.plan.ServiceStatus.Fetched;
import dev.marea.core.plan.ServiceStatus.Scaled;
import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.reconcile.ServiceEvents.Tone;
import dev.marea.kubernetes.scaling.Scaling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in events and in the log what changed for a service, when it changes and not before. */
final class ServiceNews implements Scaling.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNews.class);

    private final ServiceEvents events;
    private final Map<ServiceId, Subject> subjects = new ConcurrentHashMap<>();

    ServiceNews(ServiceEvents events) {
        this.events = events;
    }

    void know(Subject subject) {
        subjects.put(id(subject), subject);
    }

    void forget(Subject subject) {
        subjects.remove(id(subject));
    }

    void tell(Subject subject, Optional<ServiceStatus> before, Plan plan) {
        var now = plan.status();
        if (isFirstReady(before, now)) {
            // One piece of news says it all: a thousand services are a thousand events.
            tellReadiness(subject, before, now);
            now.fetches().stream()
                    .filter(f -> f.fetch().done() && !f.fetch().pins().isEmpty())
                    .forEach(f -> say(subject, Tone.NORMAL, "ModelFetched", text(f)));
            return;
        }
        plan.create().stream()
                .filter(_ -> before.isPresent())
                .forEach(c ->
                        say(
                                subject,
                                Tone.NORMAL,
                                "RevisionCreated",
                                "revision %s was created".formatted(c.name())));
        plan.proved()
                .forEach(name ->
                        say(
                                subject,
                                Tone.NORMAL,
                                "RevisionReady",
                                "revision %s is ready".formatted(name)));
        tellFetches(subject, before, now);
        tellTraffic(subject, before, now);
        tellReadiness(subject, before, now);
    }

    /** Ready for the first time, with all traffic on its first revision. */
    private static boolean isFirstReady(Optional<ServiceStatus> before, ServiceStatus now) {
        return before.flatMap(b -> b.predictor().latestReadyRevision()).isEmpty()
                && shares(now).size() == 1
                && now.condition(ConditionType.READY).orElseThrow().truth() == Truth.TRUE;
    }

    private void tellFetches(Subject subject, Optional<ServiceStatus> before, ServiceStatus now) {
        var was = new HashMap<String, Boolean>();
        before.stream()
                .flatMap(b -> b.fetches().stream())
                .forEach(f -> was.put(f.revision(), f.fetch().done()));
        for (var fetched : now.fetches()) {
            var revision = fetched.revision();
            if (!fetched.fetch().done() && !was.containsKey(revision)) {
                say(
                        subject,
                        Tone.NORMAL,
                        "ModelFetchStarted",
                        "revision %s fetches its model".formatted(revision));
            }
            if (fetched.fetch().done() && !was.getOrDefault(revision, false)) {
                say(subject, Tone.NORMAL, "ModelFetched", text(fetched));
            }
        }
    }

    private static String text(Fetched fetched) {
        var pins =
                fetched.fetch().pins().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(pin -> "%s is %s".formatted(pin.getKey(), pin.getValue()))
                        .collect(Collectors.joining(", "));
        return "revision %s has its model%s"
                .formatted(fetched.revision(), pins.isEmpty() ? "" : ": " + pins);
    }

    private void tellTraffic(Subject subject, Optional<ServiceStatus> before, ServiceStatus now) {
        var shares = shares(now);
        if (!shares.isEmpty() && !shares.equals(before.map(ServiceNews::shares).orElse(Map.of()))) {
            say(
                    subject,
                    Tone.NORMAL,
                    "TrafficShifted",
                    "traffic: " + text(now.predictor().traffic()));
        }
    }

    private static Map<String, Integer> shares(ServiceStatus status) {
        return status.predictor().traffic().stream()
                .collect(
                        Collectors.toMap(Traffic::revision, t -> t.percent().value(), (a, _) -> a));
    }

    private static String text(List<Traffic> traffic) {
        return traffic.stream()
                .map(t -> "%s %d%%".formatted(t.revision(), t.percent().value()))
                .collect(Collectors.joining(", "));
    }

    private void tellReadiness(Subject subject, Optional<ServiceStatus> before, ServiceStatus now) {
        var was = before.flatMap(b -> b.condition(ConditionType.READY));
        var is = now.condition(ConditionType.READY).orElseThrow();
        var turned = was.map(w -> w.truth() != is.truth()).orElse(true);
        if (is.truth() == Truth.TRUE && turned) {
            say(
                    subject,
                    Tone.NORMAL,
                    "InferenceServiceReady",
                    "ready at " + now.url().orElse("(no url)"));
            return;
        }
        var lost = was.filter(w -> w.truth() == Truth.TRUE).isPresent();
        var reworded = was.map(w -> !w.message().equals(is.message())).orElse(true);
        if (is.truth() == Truth.FALSE && (turned || reworded)) {
            say(subject, Tone.WARNING, is.reason().wireName(), is.message());
        }
        if (is.truth() != Truth.TRUE && lost) {
            say(
                    subject,
                    Tone.WARNING,
                    "InferenceServiceNotReady",
                    "%s: %s".formatted(is.reason().wireName(), is.message()));
        }
    }

    void blocked(Subject subject, Reason reason, String why) {
        say(subject, Tone.WARNING, reason.wireName(), why);
    }

    @Override
    public void scaled(ServiceId service, int from, Scaled now) {
        var subject = subjects.get(service);
        if (subject != null) {
            events.tell(
                    subject,
                    Tone.NORMAL,
                    now.replicas() > from ? "ScaledUp" : "ScaledDown",
                    "revision %s: %d -> %d replicas, because %s"
                            .formatted(now.revision(), from, now.replicas(), now.reason()));
        }
    }

    private void say(Subject subject, Tone tone, String reason, String message) {
        LOG.info("{}/{}: {}: {}", subject.namespace(), subject.name(), reason, message);
        events.tell(subject, tone, reason, message);
    }

    private static ServiceId id(Subject subject) {
        return new ServiceId(subject.namespace(), subject.name());
    }
}
