package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Plan.Share;
import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Service;
import dev.marea.kubernetes.expose.Exposures;
import dev.marea.kubernetes.observe.StatusMemory;
import dev.marea.kubernetes.routes.RouteBook.Entry;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InferenceServices;
import dev.marea.wire.kserve.InvalidManifest;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway must know of a service. The leader has its plan; a follower reads the same from
 * what the leader wrote into the status.
 */
final class RouteEntries {
    private final Exposures exposures;

    RouteEntries(Exposures exposures) {
        this.exposures = exposures;
    }

    static Entry of(Service service, List<String> hosts, List<Share> shares) {
        return new Entry(
                hosts,
                shares,
                service.predictor().containerConcurrency(),
                service.predictor().timeout(),
                service.stopped(),
                LanguageModels.names(service));
    }

    /** Empty for a service that no leader has planned yet, or that cannot be read. */
    Optional<Entry> followed(Json.Obj tree) {
        try {
            var status = StatusMemory.of(tree.object("status"));
            if (status.isEmpty()) {
                return Optional.empty();
            }
            var service = InferenceServices.read(tree, exposures.config().defaultMode()).service();
            return Optional.of(of(service, exposures.hosts(tree), shares(service, status.get())));
        } catch (InvalidManifest odd) {
            return Optional.empty();
        }
    }

    /**
     * Until the first revision is ready nobody has a share, and requests wait for it. With a canary
     * beside it a status does not say which one that is.
     */
    private static List<Share> shares(Service service, ServiceStatus status) {
        var predictor = status.predictor();
        return predictor.traffic().isEmpty() && service.candidates().isEmpty()
                ? predictor.latestCreatedRevision().stream()
                        .map(name -> new Share(name, Percent.ALL))
                        .toList()
                : predictor.traffic().stream().map(t -> Share.of(t, service.tagRouting())).toList();
    }
}
