package dev.marea.kubernetes.expose;

import dev.marea.core.plan.Exposure;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.PlatformConfig.Ingress;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.api.Followed;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.objects.ExternalRoute;
import dev.marea.kubernetes.objects.GatewayDoors;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.PredictorService;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What leads to the gateways on a cluster: for each service a Service with slices of ours, the
 * plain name in Knative's mode, and a route from outside where the platform wants one.
 */
final class ClusterDoors implements AutoCloseable {
    /** The gateway's own Service, whose slices say which gateways there are. */
    static final String GATEWAY = "marea-gateway";

    private final KubernetesClient client;
    private final Writes writes;
    private final Exposures.Settings settings;
    private final Runnable wakeAll;
    private final GatewaySlices slices;
    private final OutsideRoutes routes;
    private final Map<String, Json.Obj> gateways = new ConcurrentHashMap<>();
    private @Nullable Followed gatewaySlices;
    private @Nullable Followed ownSlices;

    ClusterDoors(
            KubernetesClient client,
            Served served,
            Writes writes,
            Exposures.Settings settings,
            Runnable wakeAll,
            Consumer<ServiceId> wake) {
        this.client = client;
        this.writes = writes;
        this.settings = settings;
        this.wakeAll = wakeAll;
        this.slices = new GatewaySlices(new LiveSlices());
        this.routes =
                new OutsideRoutes(
                        client, served, writes, settings.watched(), new RouteEar(wake), wakeAll);
    }

    void start() {
        var own =
                Followed.Choice.all(Kind.ENDPOINT_SLICE, settings.watched())
                        .labelled(PredictorService.OUR_SLICES);
        ownSlices = Followed.start(client, own, new OwnEar());
        var ofGateway =
                Followed.Choice.all(Kind.ENDPOINT_SLICE, Set.of(settings.namespace()))
                        .labelled(Map.of(PredictorService.OF_SERVICE_LABEL, GATEWAY));
        gatewaySlices = Followed.start(client, ofGateway, new GatewayEar());
        slices.start();
        routes.start();
    }

    Exposure state(Subject subject, Optional<Ingress> wanted) throws IOException {
        if (!slices.anyDoor()) {
            return Exposure.notYet(
                    "no gateway of Service %s/%s takes requests yet"
                            .formatted(settings.namespace(), GATEWAY));
        }
        return wanted.isPresent() ? routes.state(subject, wanted.get()) : Exposure.IN_FORCE;
    }

    void tend(Exposed exposed, Map<String, Json.Obj> existing, Duration timeout, boolean http2)
            throws IOException {
        var subject = exposed.subject();
        var hosts = exposed.names();
        var namespace = subject.namespace();
        var live = Optional.ofNullable(existing.get(Names.predictor(subject.name())));
        var service = new PredictorService(subject, http2, headless(live, hosts));
        if (exposed.verdict().holds(Hosts.local(service.name(), namespace))) {
            var stands = writes.claim(Kind.SERVICE, namespace, live, service.service());
            slices.keep(service, stands.text("metadata", "uid").orElseThrow());
        }
        tendAlias(exposed, service, Optional.ofNullable(existing.get(subject.name())));
        tendRoutes(exposed, timeout, http2);
    }

    private void tendRoutes(Exposed exposed, Duration timeout, boolean http2) throws IOException {
        var subject = exposed.subject();
        var hosts = exposed.names();
        var wanted = hosts.config().ingress();
        var own =
                hosts.routed(exposed.service()).stream().filter(exposed.verdict()::holds).toList();
        var paths = hosts.paths(exposed.service());
        if (!wanted.wanted() || exposed.local() || (own.isEmpty() && paths.isEmpty())) {
            routes.remove(subject);
        } else {
            routes.tend(new ExternalRoute(subject, own, paths, timeout, http2), wanted);
        }
    }

    void clear(Exposed exposed, Map<String, Json.Obj> existing) throws IOException {
        slices.drop(exposed.service());
        var alias = exposed.subject().name();
        if (existing.containsKey(alias)) {
            writes.delete(Kind.SERVICE, exposed.subject().namespace(), alias);
        }
        routes.remove(exposed.subject());
    }

    void forget(ServiceId service) {
        slices.drop(service);
    }

    private void tendAlias(Exposed exposed, PredictorService service, Optional<Json.Obj> live)
            throws IOException {
        var namespace = exposed.subject().namespace();
        var name = exposed.subject().name();
        if (exposed.mode() == DeploymentMode.KNATIVE
                && exposed.verdict().holds(Hosts.local(name, namespace))) {
            writes.claim(Kind.SERVICE, namespace, live, service.alias());
        } else if (live.isPresent()) {
            writes.delete(Kind.SERVICE, namespace, name);
        }
    }

    /** Whether a Service has an address cannot be changed; one that stands keeps what it has. */
    private static boolean headless(Optional<Json.Obj> live, Hosts hosts) {
        return live.filter(s -> s.text("spec", "type").filter("ExternalName"::equals).isEmpty())
                .flatMap(s -> s.text("spec", "clusterIP"))
                .map("None"::equals)
                .orElse(hosts.config().headless());
    }

    @Override
    public void close() {
        slices.close();
        routes.close();
        if (gatewaySlices != null) {
            gatewaySlices.close();
        }
        if (ownSlices != null) {
            ownSlices.close();
        }
    }

    private final class LiveSlices implements GatewaySlices.Slices {
        @Override
        public Optional<Json.Obj> live(String namespace, String name) {
            var followed = ownSlices;
            return followed == null ? Optional.empty() : followed.get(namespace, name);
        }

        @Override
        public void apply(String namespace, Json.Obj wanted) throws IOException {
            var name = wanted.text("metadata", "name").orElseThrow();
            writes.claim(Kind.ENDPOINT_SLICE, namespace, live(namespace, name), wanted);
        }
    }

    private final class OwnEar implements Followed.Ear {
        @Override
        public void there(Json.Obj slice) {
            slices.seen(
                    slice.text("metadata", "namespace").orElse(""),
                    slice.text("metadata", "name").orElse(""));
        }

        @Override
        public void gone(Json.Obj slice) {
            there(slice);
        }
    }

    private final class GatewayEar implements Followed.Ear {
        @Override
        public void there(Json.Obj slice) {
            gateways.put(slice.text("metadata", "name").orElse(""), slice);
            point();
        }

        @Override
        public void gone(Json.Obj slice) {
            gateways.remove(slice.text("metadata", "name").orElse(""));
            point();
        }

        private void point() {
            var before = slices.anyDoor();
            slices.point(GatewayDoors.of(gateways.values()));
            if (before != slices.anyDoor()) {
                wakeAll.run();
            }
        }
    }

    /** A route was made, judged by its Gateway, edited or deleted: its service is looked at. */
    private record RouteEar(Consumer<ServiceId> wake) implements Followed.Ear {
        @Override
        public void there(Json.Obj route) {
            var name = route.text("metadata", "labels", Names.SERVICE_LABEL).orElse("");
            var namespace = route.text("metadata", "namespace").orElse("");
            if (!name.isEmpty() && !namespace.isEmpty()) {
                wake.accept(new ServiceId(namespace, name));
            }
        }

        @Override
        public void gone(Json.Obj route) {
            there(route);
        }
    }
}
