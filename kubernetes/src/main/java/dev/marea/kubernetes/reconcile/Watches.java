package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.InferenceServiceResource;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Trees;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.observe.Facts;
import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator watches besides InferenceServices. Everything is filtered by the label that
 * only a service's own objects bear: a cluster's other pods never reach our memory.
 */
final class Watches {
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            revisions;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            deployments;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource> services;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource> pods;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource> runtimes;
    private final InformerEventSource<GenericKubernetesResource, InferenceServiceResource>
            clusterRuntimes;

    Watches(EventSourceContext<InferenceServiceResource> context) {
        revisions = owned(Kind.CONTROLLER_REVISION, context);
        deployments = owned(Kind.DEPLOYMENT, context);
        services = owned(Kind.SERVICE, context);
        pods = owned(Kind.POD, context);
        runtimes = chosen(Kind.SERVING_RUNTIME, context);
        clusterRuntimes = chosen(Kind.CLUSTER_SERVING_RUNTIME, context);
    }

    List<EventSource<?, InferenceServiceResource>> sources() {
        return List.of(revisions, deployments, services, pods, runtimes, clusterRuntimes);
    }

    Facts facts(InferenceServiceResource service) {
        return Facts.of(
                service.getMetadata().getUid(),
                trees(revisions.getSecondaryResources(service)),
                trees(deployments.getSecondaryResources(service)),
                trees(services.getSecondaryResources(service)),
                trees(pods.getSecondaryResources(service)));
    }

    /** The runtimes that services of a namespace may choose. */
    List<KnownRuntime> runtimes(String namespace) {
        return Stream.concat(
                        runtimes.list(r -> namespace.equals(r.getMetadata().getNamespace())),
                        clusterRuntimes.list(_ -> true))
                .map(Trees::of)
                .flatMap(tree -> KnownRuntime.of(tree).stream())
                .toList();
    }

    private static List<Json.Obj> trees(Set<GenericKubernetesResource> resources) {
        return resources.stream().map(Trees::of).toList();
    }

    private static InformerEventSource<GenericKubernetesResource, InferenceServiceResource> owned(
            Kind kind, EventSourceContext<InferenceServiceResource> context) {
        var configuration =
                InformerEventSourceConfiguration.from(gvk(kind), InferenceServiceResource.class)
                        .withName(kind.plural())
                        .withLabelSelector(Names.SERVICE_LABEL)
                        .withSecondaryToPrimaryMapper(
                                r -> owner(r).stream().collect(Collectors.toSet()))
                        .withWatchAllNamespaces()
                        .build();
        return new InformerEventSource<>(configuration, context);
    }

    private static Optional<ResourceID> owner(GenericKubernetesResource resource) {
        var meta = resource.getMetadata();
        return Optional.ofNullable(meta.getLabels())
                .map(labels -> labels.get(Names.SERVICE_LABEL))
                .map(name -> new ResourceID(name, meta.getNamespace()));
    }

    /** A change of a runtime concerns every service that could choose it. */
    private static InformerEventSource<GenericKubernetesResource, InferenceServiceResource> chosen(
            Kind kind, EventSourceContext<InferenceServiceResource> context) {
        var configuration =
                InformerEventSourceConfiguration.from(gvk(kind), InferenceServiceResource.class)
                        .withName(kind.plural())
                        .withSecondaryToPrimaryMapper(runtime -> concerned(runtime, context))
                        .withWatchAllNamespaces()
                        .build();
        return new InformerEventSource<>(configuration, context);
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
