package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Plan;
import dev.marea.core.spec.Autoscaling.Scaler;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Service;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.objects.HorizontalAutoscaler;
import dev.marea.kubernetes.objects.ScaledObject;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The autoscalers that are not ours. Where the one that was asked for is missing or refused, ours
 * stands in and the status says so.
 */
final class Autoscalers {
    private static final String INSTEAD = "; Marea's own autoscaler runs instead";

    private final Companions companions;
    private final Served served;
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

    /** What the API said of the autoscaler of one generation of a service. */
    private record Refusal(long generation, String message) {}

    Autoscalers(Companions companions, Served served) {
        this.companions = companions;
        this.served = served;
    }

    /** What is wrong with the autoscaler that a service asks for. */
    Optional<String> missing(Service service) throws IOException {
        return switch (service.predictor().autoscaling().scaler()) {
            case MAREA, EXTERNAL, NONE -> Optional.empty();
            case KEDA ->
                    served.has(Kind.SCALED_OBJECT)
                            ? refused(service)
                            : Optional.of("KEDA is not installed in this cluster" + INSTEAD);
            case HPA ->
                    served.has(Kind.AUTOSCALER)
                            ? refused(service)
                            : Optional.of("this API serves no HorizontalPodAutoscaler" + INSTEAD);
        };
    }

    private Optional<String> refused(Service service) {
        return Optional.ofNullable(refusals.get(service.uid()))
                .filter(r -> r.generation() == service.generation())
                .map(Refusal::message);
    }

    /** The service with our autoscaler in place of one that is missing. */
    static Service withOurs(Service s) {
        var rollout =
                s.rollout() instanceof Rollout.Beside(var candidates)
                        ? new Rollout.Beside(
                                candidates.stream().map(Autoscalers::withOurs).toList())
                        : s.rollout();
        return s.with(withOurs(s.predictor()), rollout);
    }

    private static Rollout.Candidate withOurs(Rollout.Candidate c) {
        return new Rollout.Candidate(c.name(), withOurs(c.component()), c.traffic());
    }

    private static Component withOurs(Component c) {
        return new Component(
                c.workload(),
                c.scale(),
                c.autoscaling().by(Scaler.MAREA),
                c.containerConcurrency(),
                c.timeout());
    }

    /**
     * Keeps the autoscaler that was asked for on the rolled-out revision, and takes away others:
     * two of them on one Deployment would fight.
     */
    void tend(Service service, Plan plan, Subject subject, Json.Obj predictor) throws IOException {
        var component = service.predictor();
        var scaler = component.autoscaling().scaler();
        var target =
                plan.status().predictor().latestRolledoutRevision().filter(_ -> !service.stopped());
        var horizontal =
                target.filter(_ -> scaler == Scaler.HPA)
                        .map(d -> HorizontalAutoscaler.of(subject, d, component, predictor));
        var scaled =
                target.filter(_ -> scaler == Scaler.KEDA)
                        .map(d -> ScaledObject.of(subject, d, component, predictor));
        // What must go goes first: KEDA refuses a Deployment that another autoscaler still has.
        if (horizontal.isPresent()) {
            companions.keep(Kind.SCALED_OBJECT, subject, scaled);
            keep(service, Kind.AUTOSCALER, subject, horizontal);
        } else {
            companions.keep(Kind.AUTOSCALER, subject, horizontal);
            keep(service, Kind.SCALED_OBJECT, subject, scaled);
        }
    }

    private void keep(Service service, Kind kind, Subject subject, Optional<Json.Obj> wanted)
            throws IOException {
        try {
            companions.keep(kind, subject, wanted);
        } catch (ApiRefusal refused) {
            if (refused.invalid() && wanted.isPresent()) {
                var message = "the API refused the " + kind.name() + ": " + refused.getMessage();
                refusals.put(service.uid(), new Refusal(service.generation(), message + INSTEAD));
            }
            throw refused; // the next try plans with ours
        }
    }

    void forget(Subject subject) {
        refusals.remove(subject.uid());
    }
}
