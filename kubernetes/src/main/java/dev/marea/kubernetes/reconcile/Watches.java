package dev.marea.kubernetes.reconcile;

import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.api.InferenceServiceResource;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Trees;
import dev.marea.kubernetes.api.TrimmedStore;
import dev.marea.kubernetes.expose.Services;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.StorageContainers;
import dev.marea.kubernetes.observe.Facts;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ModelList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.PrimaryToSecondaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator watches besides InferenceServices. Everything is filtered by the label that
 * only a service's own objects bear: a cluster's other pods never reach our memory.
 */
final class Watches implements Services {
    private static final int READ_MAX = 10_000;

    private final EventSourceContext<InferenceServiceResource> context;
    private final SimpleInboundEventSource<InferenceServiceResource> calls =
            new SimpleInboundEventSource<>("calls");
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            revisions;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            deployments;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource> services;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource> pods;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            configMaps;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource> models;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource> runtimes;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            clusterRuntimes;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            storageContainers;

    private final Map<String, ReadRuntime> readRuntimes = new ConcurrentHashMap<>();

    private record ReadRuntime(String version, Optional<KnownRuntime> runtime) {}

    Watches(EventSourceContext<InferenceServiceResource> context) {
        this.context = context;
        revisions = owned(Kind.CONTROLLER_REVISION, context);
        deployments = owned(Kind.DEPLOYMENT, context);
        services = owned(Kind.SERVICE, context);
        pods = owned(Kind.POD, Watches::forgetBound, context);
        configMaps = owned(Kind.CONFIG_MAP, context);
        models = secondary(Kind.TRAINED_MODEL, Watches::host, context);
        runtimes = chosen(Kind.SERVING_RUNTIME, context);
        clusterRuntimes = chosen(Kind.CLUSTER_SERVING_RUNTIME, context);
        storageContainers = chosen(Kind.STORAGE_CONTAINER, context);
    }

    List<EventSource<?, InferenceServiceResource>> sources() {
        return List.of(
                revisions,
                deployments,
                services,
                pods,
                configMaps,
                models,
                runtimes,
                clusterRuntimes,
                storageContainers,
                calls);
    }

    @Override
    public Stream<Json.Obj> all() {
        return context.getPrimaryCache().list(_ -> true).map(Trees::of);
    }

    /** As it stands now; empty once it is gone. */
    Optional<InferenceServiceResource> latest(InferenceServiceResource service) {
        return context.getPrimaryCache().get(ResourceID.fromResource(service));
    }

    /** The kinds without which nothing can be decided, and which were never seen in full. */
    List<Kind> unseen() {
        return Stream.of(
                        Map.entry(Kind.CONTROLLER_REVISION, revisions),
                        Map.entry(Kind.DEPLOYMENT, deployments),
                        Map.entry(Kind.SERVICE, services),
                        Map.entry(Kind.SERVING_RUNTIME, runtimes),
                        Map.entry(Kind.CLUSTER_SERVING_RUNTIME, clusterRuntimes),
                        Map.entry(Kind.STORAGE_CONTAINER, storageContainers))
                .filter(kind -> !seen(kind.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The services themselves. */
    boolean seesServices() {
        return context.getPrimaryCache() instanceof InformerWrappingEventSourceHealthIndicator<?> c
                && c.informerHealthIndicators().values().stream()
                        .allMatch(InformerHealthIndicator::hasSynced);
    }

    private static boolean seen(InformerEventSource<?, ?> source) {
        return source.informerHealthIndicators().values().stream()
                .allMatch(InformerHealthIndicator::hasSynced);
    }

    @Override
    public void wake(ServiceId service) {
        calls.propagateEvent(new ResourceID(service.name(), service.namespace()));
    }

    Facts facts(InferenceServiceResource service) {
        return Facts.of(
                service.getMetadata().getUid(),
                trees(revisions.getSecondaryResources(service)),
                trees(deployments.getSecondaryResources(service)),
                trees(services.getSecondaryResources(service)),
                trees(pods.getSecondaryResources(service)));
    }

    Guests guests(InferenceServiceResource service) {
        var name = service.getMetadata().getName();
        return new Guests(
                trees(models.getSecondaryResources(service)),
                configMap(service, ModelList.configMap(name)),
                configMap(service, Names.pins(name)));
    }

    private Optional<Json.Obj> configMap(InferenceServiceResource service, String name) {
        return configMaps.getSecondaryResources(service).stream()
                .filter(c -> name.equals(c.getMetadata().getName()))
                .findFirst()
                .map(Trees::of);
    }

    /** The runtimes that services of a namespace may choose. */
    private List<KnownRuntime> runtimes(String namespace) {
        return Stream.concat(
                        runtimes.list(r -> namespace.equals(r.getMetadata().getNamespace())),
                        clusterRuntimes.list(_ -> true))
                .flatMap(runtime -> known(runtime).stream())
                .toList();
    }

    /** What a service may choose from. */
    Reconciliation.Known known(String namespace) {
        var containers =
                storageContainers
                        .list(_ -> true)
                        .flatMap(c -> StorageContainers.read(Trees.of(c)).stream())
                        .toList();
        return new Reconciliation.Known(runtimes(namespace), containers);
    }

    /** Read once for each version: every round of every service asks for all of them. */
    private Optional<KnownRuntime> known(GenericKubernetesResource runtime) {
        var meta = runtime.getMetadata();
        var now = Optional.ofNullable(meta.getResourceVersion()).orElse("");
        var read = readRuntimes.get(meta.getUid());
        if (read == null || !read.version().equals(now)) {
            read = new ReadRuntime(now, KnownRuntime.of(Trees.of(runtime)));
            if (readRuntimes.size() >= READ_MAX) {
                readRuntimes.clear(); // of those that have gone nobody tells us
            }
            readRuntimes.put(meta.getUid(), read);
        }
        return read.runtime();
    }

    private static List<Json.Obj> trees(Set<GenericKubernetesResource> resources) {
        return resources.stream().map(Trees::of).toList();
    }

    private static InformerEventSource<GenericKubernetesResource, InferenceServiceResource> owned(
            Kind kind, EventSourceContext<InferenceServiceResource> context) {
        return owned(kind, _ -> {}, context);
    }

    private static InformerEventSource<GenericKubernetesResource, InferenceServiceResource> owned(
            Kind kind,
            Consumer<GenericKubernetesResource> trim,
            EventSourceContext<InferenceServiceResource> context) {
        var configuration =
                InformerEventSourceConfiguration.from(gvk(kind), InferenceServiceResource.class)
                        .withName(kind.plural())
                        .withLabelSelector(Names.SERVICE_LABEL)
                        .withSecondaryToPrimaryMapper(
                                r -> owner(r).stream().collect(Collectors.toSet()))
                        .withOnAddFilter(Echoes::isNews)
                        .withOnUpdateFilter(Echoes::isNews)
                        .withNamespacesInheritedFromController();
        // A store given here serves all informers, one a namespace; each would empty the others'.
        if (context.getControllerConfiguration().getEffectiveNamespaces().size() <= 1) {
            configuration.withItemStore(
                    new TrimmedStore<>(
                            GenericKubernetesResource.class,
                            context.getClient().getKubernetesSerialization(),
                            trim));
        }
        return new InformerEventSource<>(configuration.build(), context);
    }

    /** What a pod asks for matters only until a node has it. */
    private static void forgetBound(GenericKubernetesResource pod) {
        var parts = pod.getAdditionalProperties();
        if (parts.get("spec") instanceof Map<?, ?> spec && spec.get("nodeName") != null) {
            parts.remove("spec");
        }
    }

    private static Optional<ResourceID> owner(GenericKubernetesResource resource) {
        var meta = resource.getMetadata();
        return Optional.ofNullable(meta.getLabels())
                .map(labels -> labels.get(Names.SERVICE_LABEL))
                .map(name -> new ResourceID(name, meta.getNamespace()));
    }

    /** The service that a TrainedModel names, whether there is one or not. */
    private static Set<ResourceID> host(GenericKubernetesResource model) {
        return Trees.of(model).text("spec", "inferenceService").stream()
                .map(name -> new ResourceID(name, model.getMetadata().getNamespace()))
                .collect(Collectors.toSet());
    }

    /** A change of a runtime concerns every service that could choose it. */
    private static InformerEventSource<GenericKubernetesResource, InferenceServiceResource> chosen(
            Kind kind, EventSourceContext<InferenceServiceResource> context) {
        var configuration =
                watched(kind, runtime -> concerned(runtime, context))
                        // Nobody asks which runtimes a service has: no index of all to all.
                        .withPrimaryToSecondaryMapper(
                                (PrimaryToSecondaryMapper<InferenceServiceResource>) _ -> Set.of())
                        .build();
        return new InformerEventSource<>(configuration, context);
    }

    private static InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            secondary(
                    Kind kind,
                    SecondaryToPrimaryMapper<GenericKubernetesResource> mapper,
                    EventSourceContext<InferenceServiceResource> context) {
        return new InformerEventSource<>(watched(kind, mapper).build(), context);
    }

    private static InformerEventSourceConfiguration.Builder<GenericKubernetesResource> watched(
            Kind kind, SecondaryToPrimaryMapper<GenericKubernetesResource> mapper) {
        var some =
                InformerEventSourceConfiguration.from(gvk(kind), InferenceServiceResource.class)
                        .withName(kind.plural())
                        .withSecondaryToPrimaryMapper(mapper);
        return kind.namespaced()
                ? some.withNamespacesInheritedFromController()
                : some.withWatchAllNamespaces();
    }

    private static Set<ResourceID> concerned(
            GenericKubernetesResource runtime,
            EventSourceContext<InferenceServiceResource> context) {
        var namespace = Optional.ofNullable(runtime.getMetadata().getNamespace());
        return context.getPrimaryCache()
                .list(s ->
                        namespace.filter(n -> !n.equals(s.getMetadata().getNamespace())).isEmpty())
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static GroupVersionKind gvk(Kind kind) {
        return new GroupVersionKind(kind.group(), kind.version(), kind.name());
    }
}
