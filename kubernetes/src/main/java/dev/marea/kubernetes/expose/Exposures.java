package dev.marea.kubernetes.expose;

import dev.marea.core.plan.Exposure;
import dev.marea.core.route.HostClaims.Verdict;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.PlatformConfig;
import dev.marea.core.spec.PlatformConfig.Ingress;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * How services are reached: says under which names, and on a cluster makes the objects that lead to
 * the gateways.
 */
public final class Exposures implements AutoCloseable {
    /** Where Marea looks for its ConfigMap when nothing else is said. */
    public static final String NAMESPACE = "marea-system";

    private static final Duration TAKEN_LOOK = Duration.ofSeconds(15);

    private static final List<String> LOCAL =
            List.of("networking.kserve.io/visibility", "networking.knative.dev/visibility");

    private final Settings settings;
    private final ConfigWatch config;
    private final Claims claims = new Claims();
    private final Optional<ClusterDoors> doors;
    private final Map<ServiceId, String> refused = new ConcurrentHashMap<>();
    private volatile Services services = Services.NONE;

    /**
     * What a place says.
     *
     * @param base what holds where no ConfigMap speaks
     * @param port that a person must type after a host, if any
     * @param inside the gateway's base url for callers on one machine; empty on a cluster
     * @param namespace of Marea's own objects
     * @param watched the namespaces whose services are ours; empty for all
     */
    public record Settings(
            PlatformConfig base,
            OptionalInt port,
            Optional<String> inside,
            String namespace,
            Set<String> watched) {
        public Settings {
            watched = Set.copyOf(watched);
        }
    }

    /** Who is told of a ConfigMap that cannot be followed. */
    public interface Complaints {
        void invalidConfig(Json.Obj configMap, String why);
    }

    private Exposures(
            Settings settings,
            KubernetesClient client,
            Served served,
            Writes writes,
            Complaints complaints) {
        this.settings = settings;
        this.config = new ConfigWatch(settings.namespace(), settings.base(), new Ear(complaints));
        this.doors =
                settings.inside().isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                new ClusterDoors(
                                        client,
                                        served,
                                        writes,
                                        settings,
                                        this::wakeAll,
                                        this::wake));
    }

    /**
     * Begins to follow the ConfigMap and returns when it is known; from then on {@link #hosts} can
     * be asked.
     */
    public static Exposures start(
            Settings settings,
            KubernetesClient client,
            Served served,
            Writes writes,
            Complaints complaints) {
        var exposures = new Exposures(settings, client, served, writes, complaints);
        exposures.config.start(client);
        return exposures;
    }

    /** Returns when the gateways are known; from then on objects can be made that lead to them. */
    public void lead() {
        doors.ifPresent(ClusterDoors::start);
    }

    /** From now on these are the services that exist. */
    public void follow(Services all) {
        services = all;
    }

    public boolean onCluster() {
        return doors.isPresent();
    }

    public PlatformConfig config() {
        return config.current();
    }

    /** How often {@code inferenceservice-config} was refused since the start. */
    public long configRefusals() {
        return config.refusals();
    }

    /** By which hosts a gateway knows a service; on every operator the same, whoever leads. */
    public List<String> hosts(Json.Obj tree) {
        return claims.claim(tree, wishes(hosts()), services).held();
    }

    /** How a service is reached. */
    public Exposed look(Json.Obj tree, DeploymentMode mode) throws IOException {
        var subject = Subject.of(tree);
        var id = Services.id(tree);
        var hosts = hosts();
        var verdict = claims.claim(tree, wishes(hosts), services);
        var local = isLocal(subject);
        var address = hosts.address(id, mode);
        return new Exposed(
                id,
                subject,
                mode,
                hosts,
                verdict,
                local ? address : hosts.url(id, verdict::holds),
                address,
                local,
                exposure(subject, id, hosts, verdict, local));
    }

    /**
     * Makes the objects of a service that runs.
     *
     * @param existing its Services by name
     * @param http2 whether it speaks nothing but HTTP/2
     */
    public void tend(
            Exposed exposed, Map<String, Json.Obj> existing, Duration timeout, boolean http2)
            throws IOException {
        if (doors.isEmpty()) {
            return;
        }
        try {
            doors.get().tend(exposed, existing, timeout, http2);
            if (refused.remove(exposed.service()) != null) {
                wake(exposed.service());
            }
        } catch (NameTaken taken) {
            if (!taken.why().equals(refused.put(exposed.service(), taken.why()))) {
                wake(exposed.service());
            }
        }
    }

    /** When to look again at a service whose name somebody else has: nobody tells us of theirs. */
    public Optional<Duration> recheck(Exposed exposed) {
        return refused.containsKey(exposed.service()) ? Optional.of(TAKEN_LOOK) : Optional.empty();
    }

    /** Takes away what leads to a service that runs no more. */
    public void clear(Exposed exposed, Map<String, Json.Obj> existing) throws IOException {
        if (doors.isPresent()) {
            doors.get().clear(exposed, existing);
        }
    }

    public void forget(ServiceId service) {
        refused.remove(service);
        doors.ifPresent(d -> d.forget(service));
        claims.release(service).forEach(this::wake);
    }

    private Exposure exposure(
            Subject subject, ServiceId id, Hosts hosts, Verdict verdict, boolean local)
            throws IOException {
        var conflicts = new ArrayList<String>();
        verdict.taken()
                .forEach((host, holder) ->
                        conflicts.add(
                                "%s belongs to %s, which was there first".formatted(host, holder)));
        Optional.ofNullable(refused.get(id)).ifPresent(conflicts::add);
        var first = local ? Optional.<String>empty() : hosts.outside(id).stream().findFirst();
        var lost = first.filter(verdict.taken()::containsKey).isPresent();
        if (lost || refused.containsKey(id)) {
            return Exposure.no(Reason.HOST_CONFLICT, conflicts.getFirst()).with(conflicts);
        }
        var state =
                doors.isPresent()
                        ? doors.get().state(subject, wanted(hosts, local))
                        : Exposure.IN_FORCE;
        return state.with(conflicts);
    }

    private static Optional<Ingress> wanted(Hosts hosts, boolean local) {
        return Optional.of(hosts.config().ingress()).filter(i -> i.wanted() && !local);
    }

    private Hosts hosts() {
        return new Hosts(config(), settings.port(), settings.inside());
    }

    private static Claims.Wishes wishes(Hosts hosts) {
        return tree -> {
            var id = Services.id(tree);
            var local = isLocal(Subject.of(tree));
            return Stream.concat(
                            local ? Stream.empty() : hosts.outside(id).stream(),
                            hosts.inCluster(id).stream())
                    .distinct()
                    .toList();
        };
    }

    private static boolean isLocal(Subject subject) {
        return LOCAL.stream().anyMatch(l -> "cluster-local".equals(subject.labels().get(l)));
    }

    private void wake(ServiceId service) {
        services.wake(service);
    }

    private void wakeAll() {
        services.all().map(Services::id).forEach(this::wake);
    }

    @Override
    public void close() {
        config.close();
        doors.ifPresent(ClusterDoors::close);
    }

    private final class Ear implements ConfigWatch.Ear {
        private final Complaints complaints;

        Ear(Complaints complaints) {
            this.complaints = complaints;
        }

        @Override
        public void changed() {
            claims.forget();
            wakeAll();
        }

        @Override
        public void refused(Json.Obj configMap, String why) {
            complaints.invalidConfig(configMap, why);
        }
    }
}
