package dev.marea.kubernetes.expose;

import dev.marea.core.plan.Exposure;
import dev.marea.core.spec.PlatformConfig.GatewayRef;
import dev.marea.core.spec.PlatformConfig.Ingress;
import dev.marea.core.spec.Reason;
import dev.marea.kubernetes.api.Followed;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.objects.ExternalRoute;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Ingress or HTTPRoutes of services. Their kinds need not exist: they are followed once the API
 * serves them.
 */
final class OutsideRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideRoutes.class);

    private static final int LOOK_SECONDS = 10;

    private final KubernetesClient client;
    private final Served served;
    private final Writes writes;
    private final Set<String> namespaces;
    private final Followed.Ear ear;
    private final ClassEar classEar;
    private final Runnable wakeAll;
    private final AtomicBoolean missed = new AtomicBoolean();
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("marea-routes").factory());
    private final Map<Kind, Followed> followed = new ConcurrentHashMap<>();

    OutsideRoutes(
            KubernetesClient client,
            Served served,
            Writes writes,
            Set<String> namespaces,
            Followed.Ear ear,
            Runnable wakeAll) {
        this.client = client;
        this.served = served;
        this.writes = writes;
        this.namespaces = namespaces;
        this.ear = ear;
        this.classEar = new ClassEar(wakeAll);
        this.wakeAll = wakeAll;
    }

    void start() {
        var _ =
                looking.scheduleWithFixedDelay(
                        this::lookForMissed, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Nobody tells us of a new kind. */
    private void lookForMissed() {
        if (!missed.get()) {
            return;
        }
        try {
            served.doubt(Kind.HTTP_ROUTE);
            if (served.has(Kind.HTTP_ROUTE)) {
                missed.set(false);
                wakeAll.run();
            }
        } catch (IOException | RuntimeException away) {
            LOG.debug("whether HTTPRoutes are served is not known: {}", away.getMessage());
        }
    }

    /** What a status says of the route that is wanted now. */
    Exposure state(Subject subject, Ingress wanted) throws IOException {
        if (wanted.gateway().isPresent()) {
            return httpRoute(subject, wanted.gateway().get());
        }
        return wanted.className().isPresent()
                ? ingress(subject, wanted.className().get())
                : Exposure.IN_FORCE;
    }

    /** Makes what is wanted, and takes away what is not any more. */
    void tend(ExternalRoute route, Ingress wanted) throws IOException {
        var subject = route.subject();
        if (wanted.gateway().isPresent()) {
            var made = new HashSet<String>();
            if (served.has(Kind.HTTP_ROUTE)) {
                for (var tree : route.httpRoutes(wanted.gateway().get(), wanted.timed())) {
                    put(Kind.HTTP_ROUTE, tree);
                    made.add(tree.text("metadata", "name").orElseThrow());
                }
            }
            remove(Kind.INGRESS, subject, Set.of());
            remove(Kind.HTTP_ROUTE, subject, made);
        } else if (wanted.className().isPresent()) {
            if (served.has(Kind.INGRESS)) {
                var secret = wanted.tlsSecret().stream().toList();
                put(Kind.INGRESS, route.ingress(wanted.className().get(), secret));
            }
            remove(Kind.HTTP_ROUTE, subject, Set.of());
        } else {
            remove(subject);
        }
    }

    void remove(Subject subject) throws IOException {
        remove(Kind.INGRESS, subject, Set.of());
        remove(Kind.HTTP_ROUTE, subject, Set.of());
    }

    private void remove(Kind kind, Subject subject, Set<String> except) throws IOException {
        for (var name : List.of(subject.name(), subject.name() + "-path")) {
            if (!except.contains(name) && live(kind, subject, name).isPresent()) {
                writes.delete(kind, subject.namespace(), name);
            }
        }
    }

    private void put(Kind kind, Json.Obj wanted) throws IOException {
        var namespace = wanted.text("metadata", "namespace").orElseThrow();
        var name = wanted.text("metadata", "name").orElseThrow();
        var live = followed(kind).flatMap(f -> f.get(namespace, name));
        writes.claim(kind, namespace, live, wanted);
    }

    private Exposure httpRoute(Subject subject, GatewayRef gateway) throws IOException {
        if (!served.has(Kind.HTTP_ROUTE)) {
            missed.set(true);
            return Exposure.no(
                    Reason.INGRESS_NOT_ACCEPTED,
                    "enableGatewayApi is set and this API serves no HTTPRoute; install the Gateway API or unset it");
        }
        var there =
                List.of(subject.name(), subject.name() + "-path").stream()
                        .flatMap(name -> live(Kind.HTTP_ROUTE, subject, name).stream())
                        .toList();
        if (there.isEmpty()) {
            return Exposure.notYet("its HTTPRoute is being made");
        }
        return there.stream()
                .map(route -> RouteAcceptance.of(route, gateway))
                .filter(e -> !e.equals(Exposure.IN_FORCE))
                .findFirst()
                .orElse(Exposure.IN_FORCE);
    }

    private Exposure ingress(Subject subject, String className) throws IOException {
        if (!served.has(Kind.INGRESS)) {
            return Exposure.no(
                    Reason.INGRESS_NOT_ACCEPTED,
                    "ingressClassName is set and this API serves no Ingress; unset it");
        }
        if (followed(Kind.INGRESS_CLASS).flatMap(f -> f.get("", className)).isEmpty()) {
            return Exposure.no(
                    Reason.INGRESS_NOT_ACCEPTED,
                    "there is no IngressClass %s, so nobody serves its Ingress; install that controller or correct ingressClassName in inferenceservice-config"
                            .formatted(className));
        }
        return live(Kind.INGRESS, subject, subject.name()).isPresent()
                ? Exposure.IN_FORCE
                : Exposure.notYet("its Ingress is being made");
    }

    /** Only what this very service owns. */
    private Optional<Json.Obj> live(Kind kind, Subject subject, String name) {
        return followed(kind)
                .flatMap(f -> f.get(subject.namespace(), name))
                .filter(tree ->
                        tree.list("metadata", "ownerReferences").stream()
                                .anyMatch(o ->
                                        o.text("uid").filter(subject.uid()::equals).isPresent()));
    }

    private Optional<Followed> followed(Kind kind) {
        var known = followed.get(kind);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            if (!served.has(kind)) {
                return Optional.empty();
            }
        } catch (IOException away) {
            LOG.debug("whether {} is served is not known: {}", kind.plural(), away.getMessage());
            return Optional.empty();
        }
        return Optional.of(followed.computeIfAbsent(kind, this::follow));
    }

    private Followed follow(Kind kind) {
        var ours = Map.of(Names.SERVICE_LABEL, "");
        return kind.namespaced()
                ? Followed.start(client, Followed.Choice.all(kind, namespaces).labelled(ours), ear)
                : Followed.start(client, Followed.Choice.all(kind, Set.of()), classEar);
    }

    @Override
    public void close() {
        looking.shutdownNow();
        followed.values().forEach(Followed::close);
    }

    /** A class that comes or goes concerns everybody. */
    private record ClassEar(Runnable wakeAll) implements Followed.Ear {
        @Override
        public void there(Json.Obj ingressClass) {
            wakeAll.run();
        }

        @Override
        public void gone(Json.Obj ingressClass) {
            wakeAll.run();
        }
    }
}
