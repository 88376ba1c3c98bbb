package dev.marea.kubernetes.reconcile;

import dev.marea.core.spec.Service;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.DisruptionBudget;
import dev.marea.kubernetes.objects.NetworkPolicy;
import dev.marea.kubernetes.objects.NetworkSettings;
import dev.marea.kubernetes.objects.PodMonitor;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a cluster is told of a service's replicas: budget, fence and monitor. */
final class Surroundings {
    private final Companions companions;
    private final Optional<Installation> installation;
    private final Optional<NetworkSettings> network;

    Surroundings(Companions companions, Optional<Installation> installation) {
        this.companions = companions;
        this.installation = installation;
        this.network =
                installation
                        .filter(Installation::networkPolicies)
                        .map(i -> new NetworkSettings(i.namespace()));
    }

    /**
     * Makes them so; a service of which nothing runs has none.
     *
     * @param templates of the pods of all revisions that run, the newest last
     */
    void tend(Service service, Subject subject, List<Json.Obj> templates) throws IOException {
        if (installation.isEmpty()) {
            return;
        }
        var runs = Optional.of(templates).filter(t -> !t.isEmpty());
        companions.keep(
                Kind.NETWORK_POLICY,
                subject,
                network.flatMap(n -> runs.map(t -> NetworkPolicy.of(subject, n, t))));
        companions.keep(
                Kind.DISRUPTION_BUDGET,
                subject,
                runs.flatMap(_ -> DisruptionBudget.of(subject, service.predictor())));
        companions.keep(
                Kind.POD_MONITOR, subject, runs.flatMap(t -> PodMonitor.of(subject, t.getLast())));
    }
}
