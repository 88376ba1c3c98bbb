package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Plan;
import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Autoscaling.Scaler;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Service;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.Objects;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The autoscalers that are not ours. Where the one that was asked for is missing, ours stands in
 * and the status says so.
 */
final class Autoscalers {
    private final Api api;
    private final Applier applier;
    private final Served served;
    private final Map<String, Optional<Json.Obj>> known = new ConcurrentHashMap<>();

    Autoscalers(Api api, Applier applier, Served served) {
        this.api = api;
        this.applier = applier;
        this.served = served;
    }

    /** What is wrong with the autoscaler that a service asks for. */
    Optional<String> missing(Service service) throws IOException {
        return switch (service.predictor().autoscaling().scaler()) {
            case MAREA, EXTERNAL, NONE -> Optional.empty();
            case KEDA ->
                    Optional.of(
                            "autoscalerClass keda is not served by this release; Marea's own autoscaler runs instead");
            case HPA ->
                    served.has(Kind.AUTOSCALER)
                            ? Optional.empty()
                            : Optional.of(
                                    "this API serves no HorizontalPodAutoscaler; Marea's own autoscaler runs instead");
        };
    }

    /** The service with our autoscaler in place of one that is missing. */
    static Service withOurs(Service s) {
        var rollout =
                s.rollout() instanceof Rollout.SideBySide(var candidate, var percent)
                        ? new Rollout.SideBySide(withOurs(candidate), percent)
                        : s.rollout();
        return new Service(
                s.id(),
                s.uid(),
                s.generation(),
                s.mode(),
                s.stopped(),
                s.deleting(),
                withOurs(s.predictor()),
                rollout,
                s.warnings());
    }

    private static Component withOurs(Component c) {
        var a = c.autoscaling();
        var ours =
                new Autoscaling(
                        Scaler.MAREA,
                        a.metric(),
                        a.target(),
                        a.targetUtilizationPercent(),
                        a.stableWindow(),
                        a.panicWindowPercent(),
                        a.panicThresholdPercent(),
                        a.retention(),
                        a.scaleDownDelay());
        return new Component(c.workload(), c.scale(), ours, c.containerConcurrency(), c.timeout());
    }

    /** Keeps a HorizontalPodAutoscaler on the rolled-out revision, or takes it away. */
    void tend(Service service, Plan plan, Objects objects) throws IOException {
        var rolledOut =
                plan.status()
                        .predictor()
                        .latestRolledoutRevision()
                        .filter(_ -> service.predictor().autoscaling().scaler() == Scaler.HPA)
                        .filter(_ -> !service.stopped());
        var name = Names.predictor(service.id().name());
        var namespace = service.id().namespace();
        if (rolledOut.isEmpty()
                && !known.containsKey(service.uid())
                && !served.has(Kind.AUTOSCALER)) {
            return;
        }
        var live = look(service.uid(), namespace, name);
        if (rolledOut.isPresent()) {
            var wanted = objects.autoscaler(rolledOut.get(), service.predictor());
            var now = applier.ensure(Kind.AUTOSCALER, namespace, live, wanted);
            known.put(service.uid(), Optional.of(now));
        } else if (live.isPresent()) {
            applier.delete(Kind.AUTOSCALER, namespace, name);
            known.put(service.uid(), Optional.empty());
        }
    }

    void forget(String uid) {
        known.remove(uid);
    }

    /** Nobody else writes them; one look after a start is enough. */
    private Optional<Json.Obj> look(String uid, String namespace, String name) throws IOException {
        var before = known.get(uid);
        if (before != null) {
            return before;
        }
        var found =
                api.get(Kind.AUTOSCALER, namespace, name)
                        .filter(t ->
                                t.list("metadata", "ownerReferences").stream()
                                        .anyMatch(o ->
                                                o.text("uid").filter(uid::equals).isPresent()));
        known.put(uid, found);
        return found;
    }
}
