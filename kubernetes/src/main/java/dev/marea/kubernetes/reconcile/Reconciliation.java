package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Asked;
import dev.marea.core.plan.Plan;
import dev.marea.core.plan.Planner;
import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.plan.World;
import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Scale;
import dev.marea.core.spec.Service;
import dev.marea.core.spec.ServiceId;
import dev.marea.core.spec.Workload;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.PodProfiles;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.expose.Exposed;
import dev.marea.kubernetes.expose.Exposures;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.Objects;
import dev.marea.kubernetes.objects.PodSettings;
import dev.marea.kubernetes.objects.PredictorService;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.observe.Facts;
import dev.marea.kubernetes.observe.Shortages;
import dev.marea.kubernetes.routes.RouteBook;
import dev.marea.kubernetes.scaling.ScalingLoop;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InferenceServices;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.Manifest;
import dev.marea.wire.kserve.StorageContainer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One round for one service: read, plan, make it so, tell. */
final class Reconciliation {
    private static final Duration PENDING_AGAIN = Duration.ofSeconds(10);

    private final Api api;
    private final Applier applier;
    private final Exposures exposures;
    private final Companions companions;
    private final WorkerGroups workers;
    private final Surroundings surroundings;
    private final Autoscalers autoscalers;
    private final Shortages shortages;
    private final RouteBook routes;
    private final ScalingLoop scaling;
    private final StatusWrites statuses;
    private final ServiceNews news;
    private final TrainedModelKeeping models;
    private final StorageReading storage;
    private final PinKeeping pins;
    private final Unrouted unrouted = new Unrouted();
    private final Planner planner;
    private final PodSettings pods;
    private final TenantPods tenantPods;
    private final InstantSource clock;

    Reconciliation(
            Hands hands,
            RouteBook routes,
            ScalingLoop scaling,
            ServiceNews news,
            TrainedStatuses trained,
            Controllers.Settings settings) {
        this.api = hands.api();
        this.applier = hands.applier();
        this.exposures = hands.exposures();
        this.companions = new Companions(api, hands.served());
        this.workers = new WorkerGroups(companions);
        this.surroundings = new Surroundings(companions, settings.installation());
        this.autoscalers = new Autoscalers(companions, hands.served());
        this.shortages = new Shortages(api, settings.clock());
        this.routes = routes;
        this.scaling = scaling;
        this.statuses = new StatusWrites(api);
        this.news = news;
        this.models = new TrainedModelKeeping(api, applier, trained);
        this.planner = settings.planner();
        this.pods =
                new PodSettings(
                        settings.images(), settings.installation().isPresent(), settings.trust());
        this.tenantPods = new TenantPods(new PodProfiles(api), settings.installation().isPresent());
        this.pins = new PinKeeping(api, applier);
        this.storage = new StorageReading(api, settings.clock());
        this.clock = settings.clock();
    }

    /** What all services share. */
    record Hands(Api api, Applier applier, Served served, Exposures exposures) {}

    /** What services may choose from. */
    record Known(List<KnownRuntime> runtimes, List<StorageContainer> containers) {}

    Exposures exposures() {
        return exposures;
    }

    /**
     * Brings one service nearer to what was asked.
     *
     * @return when to look again though nothing happens
     */
    Optional<Duration> round(Json.Obj tree, Facts facts, Guests guests, Known known)
            throws IOException {
        var subject = Subject.of(tree);
        news.know(subject);
        try {
            var manifest = InferenceServices.read(tree, exposures.config().defaultMode());
            var greedy = tenantPods.refused(tree, subject);
            if (greedy.isPresent()) {
                return unreadable(tree, subject, facts, greedy.get());
            }
            var means = storage.means(subject, manifest, known.containers());
            var asked =
                    RenderedManifest.of(
                            manifest, subject, known.runtimes(), facts.kept(), pods, means);
            if (asked.asksForNew(facts.kept()) && lags(tree, subject, facts)) {
                // The watch is behind what we made: the same revision must not be made twice.
                var now = facts.withKept(subject.uid(), kept(subject));
                if (!now.keepsSame(facts)) {
                    return round(tree, now, guests, known);
                }
            }
            return round(tree, manifest, asked, subject, facts, guests);
        } catch (InvalidManifest odd) {
            // Admission refuses these; one that slipped by stops nothing that runs.
            return unreadable(tree, subject, facts, String.valueOf(odd.getMessage()));
        }
    }

    /** Whether the status speaks of a newest revision that we do not see. */
    private boolean lags(Json.Obj tree, Subject subject, Facts facts) {
        return statuses.before(tree, subject.uid())
                .flatMap(b -> b.predictor().latestCreatedRevision())
                .filter(name -> facts.kept(name).isEmpty())
                .isPresent();
    }

    private List<Json.Obj> kept(Subject subject) throws IOException {
        var kind = Kind.CONTROLLER_REVISION;
        return api.labelled(kind, subject.namespace(), Names.SERVICE_LABEL, subject.name()).stream()
                .map(Json.Obj.class::cast)
                .toList();
    }

    /** A service that is gone, or going: its objects are deleted through their owner reference. */
    void forget(Json.Obj tree) {
        var subject = Subject.of(tree);
        var id = new ServiceId(subject.namespace(), subject.name());
        routes.remove(id);
        scaling.forget(id);
        unrouted.forget(subject);
        statuses.forget(subject.uid());
        autoscalers.forget(subject);
        companions.forget(subject);
        news.forget(subject);
        exposures.forget(id);
    }

    private Optional<Duration> round(
            Json.Obj tree,
            Manifest manifest,
            RenderedManifest asked,
            Subject subject,
            Facts facts,
            Guests guests)
            throws IOException {
        var missing = autoscalers.missing(manifest.service());
        var service =
                missing.isPresent() ? Autoscalers.withOurs(manifest.service()) : manifest.service();
        var before = statuses.before(tree, subject.uid());
        var exposed = exposures.look(tree, service.mode());
        var world = world(exposed, facts, before, missing);
        var plan = planner.plan(service, asked.asked(), world);

        route(service, exposed, plan);
        var objects = new Objects(subject);
        var execution = new PlanExecution(api, applier, subject, objects, facts);
        try {
            models.tend(
                    new TrainedModelKeeping.Round(
                            subject, manifest, asked, plan.status(), guests, facts.pods()),
                    objects);
            var strategy = manifest.predictor().at("deploymentStrategy");
            pins.tend(subject, facts, objects, guests.pins());
            var steered = execution.build(plan, asked.rendered(), strategy, world);
            scaling.steer(
                    service.id(), steered, before.map(ServiceStatus::scaling).orElse(List.of()));
            execution.clear(plan);
            expose(exposed, service, plan, execution, facts);
        } catch (ApiRefusal refused) {
            tell(tree, subject, refused);
            throw refused;
        }
        unrouted.note(subject, plan, world);
        tell(tree, subject, before, plan);
        workers.tend(subject, plan, execution.revisions());
        surroundings.tend(service, subject, execution.templates(plan));
        autoscalers.tend(service, plan, subject, manifest.predictor());
        return Stream.of(plan.recheck(), lookAgain(world), exposures.recheck(exposed))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    private Optional<Duration> unreadable(Json.Obj tree, Subject subject, Facts facts, String why)
            throws IOException {
        var service = placeholder(tree, subject);
        var before = statuses.before(tree, subject.uid());
        var exposed = exposures.look(tree, service.mode());
        var world = world(exposed, facts, before, Optional.empty());
        var unfit = new Asked.Unfit(Reason.INVALID_PREDICTOR_SPEC, why);
        var plan = planner.plan(service, unfit, world);
        route(service, exposed, plan);
        tell(tree, subject, before, plan);
        return Optional.empty();
    }

    /**
     * Nothing is decided on what was never seen: what is there would be made again, or taken for
     * lost.
     */
    void requireSight(Json.Obj tree, List<Kind> unseen) throws IOException {
        var subject = Subject.of(tree);
        for (var kind : unseen) {
            try {
                api.probe(kind, subject.namespace());
            } catch (ApiRefusal refused) {
                if (refused.notFound() && kind.equals(Kind.STORAGE_CONTAINER)) {
                    continue; // an older installation does not have the kind
                }
                tell(tree, subject, refused);
                throw refused;
            }
            throw new IOException(kind.plural() + " have not been listed yet");
        }
    }

    /** Says in the status what the API does not let us do; all else there stays as it was. */
    private void tell(Json.Obj tree, Subject subject, ApiRefusal refused) throws IOException {
        if (refused.forbidden() || refused.invalid()) {
            var reason =
                    refused.forbidden() ? Reason.PERMISSION_DENIED : Reason.INVALID_PREDICTOR_SPEC;
            var why = String.valueOf(refused.getMessage());
            if (statuses.blocked(tree, subject, reason, why, clock.instant())) {
                news.blocked(subject, reason, why);
            }
        }
    }

    /** Nodes come and are freed without telling us; what is said of them must stay true. */
    private static Optional<Duration> lookAgain(World world) {
        return world.revisions().stream()
                .flatMap(r -> r.trouble().stream())
                .filter(t -> t.reason() == Reason.UNSCHEDULABLE)
                .findFirst()
                .map(_ -> PENDING_AGAIN);
    }

    private World world(
            Exposed exposed,
            Facts facts,
            Optional<ServiceStatus> before,
            Optional<String> missing) {
        return new World(
                facts.revisions(
                        before.flatMap(b -> b.predictor().latestReadyRevision()),
                        name -> unrouted.since(exposed.subject(), name),
                        shortages::explain),
                before,
                exposed.url(),
                exposed.address(),
                scaling.told(exposed.service()),
                missing,
                exposed.exposure(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /** On a cluster its names lead to the gateways; on one machine there is but one of those. */
    private void expose(
            Exposed exposed, Service service, Plan plan, PlanExecution execution, Facts facts)
            throws IOException {
        if (!exposures.onCluster()) {
            execution.name(plan);
        } else if (plan.run().isEmpty() && plan.shares().isEmpty()) {
            exposures.clear(exposed, facts.services());
        } else {
            var http2 = PredictorService.speaksHttp2(execution.templates(plan));
            exposures.tend(exposed, facts.services(), service.predictor().timeout(), http2);
        }
    }

    private void route(Service service, Exposed exposed, Plan plan) {
        routes.put(service.id(), RouteEntries.of(service, exposed.hosts(), plan.shares()));
    }

    private void tell(Json.Obj tree, Subject subject, Optional<ServiceStatus> before, Plan plan)
            throws IOException {
        statuses.write(tree, subject, plan.status());
        news.tell(subject, before, plan);
    }

    private static Service placeholder(Json.Obj tree, Subject subject) {
        return new Service(
                new ServiceId(subject.namespace(), subject.name()),
                subject.uid(),
                tree.integer("metadata", "generation").orElse(0),
                DeploymentMode.KNATIVE,
                "true".equals(subject.annotations().get(Names.STOP)),
                false,
                new Component(
                        new Workload.Custom(),
                        new Scale(0, 0),
                        Autoscaling.DEFAULT,
                        0,
                        Component.DEFAULT_TIMEOUT),
                new Rollout.Latest(),
                List.of());
    }
}
