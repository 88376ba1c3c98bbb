package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.InferenceServiceResource;
import dev.marea.kubernetes.api.TrainedModelResource;
import dev.marea.kubernetes.api.Trees;
import dev.marea.wire.json.Json;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Operator SDK's side of trained models: whichever of them changes, all models of its service
 * are looked at, one service after the other, so that no older list is written over a newer one.
 */
@ControllerConfiguration(name = "trainedmodel", generationAwareEventProcessing = false)
final class ModelReconciler implements Reconciler<TrainedModelResource> {
    private static final Logger LOG = LoggerFactory.getLogger(ModelReconciler.class);

    private final ModelRounds rounds;
    private @Nullable InformerEventSource<InferenceServiceResource, TrainedModelResource> services;
    private @Nullable IndexerResourceCache<TrainedModelResource> models;

    ModelReconciler(ModelRounds rounds) {
        this.rounds = rounds;
    }

    @Override
    public List<EventSource<?, TrainedModelResource>> prepareEventSources(
            EventSourceContext<TrainedModelResource> context) {
        var cache = context.getPrimaryCache();
        var configuration =
                InformerEventSourceConfiguration.from(
                                InferenceServiceResource.class, TrainedModelResource.class)
                        .withName("inferenceservices")
                        .withSecondaryToPrimaryMapper(service -> oneOf(cache, service))
                        .withWatchAllNamespaces()
                        .build();
        var source = new InformerEventSource<>(configuration, context);
        models = cache;
        services = source;
        return List.of(source);
    }

    /** One model stands for all of its service. */
    private static Set<ResourceID> oneOf(
            IndexerResourceCache<TrainedModelResource> cache, InferenceServiceResource service) {
        var meta = service.getMetadata();
        return of(cache, meta.getNamespace(), meta.getName())
                .min(Comparator.comparing(m -> m.getMetadata().getName()))
                .map(ResourceID::fromResource)
                .stream()
                .collect(Collectors.toSet());
    }

    private static Stream<TrainedModelResource> of(
            IndexerResourceCache<TrainedModelResource> cache, String namespace, String service) {
        return cache.list(m ->
                namespace.equals(m.getMetadata().getNamespace())
                        && service.equals(service(m))
                        && m.getMetadata().getDeletionTimestamp() == null);
    }

    private static String service(TrainedModelResource model) {
        Map<String, Object> spec = model.getSpec();
        return spec != null && spec.get("inferenceService") instanceof String name ? name : "";
    }

    @Override
    public UpdateControl<TrainedModelResource> reconcile(
            TrainedModelResource model, Context<TrainedModelResource> context) throws IOException {
        round(model.getMetadata().getNamespace(), service(model));
        return UpdateControl.noUpdate();
    }

    /** Models that were deleted while no operator ran raised no event. */
    void sweep() throws IOException {
        for (var service : services().list(_ -> true).toList()) {
            round(service.getMetadata().getNamespace(), service.getMetadata().getName());
        }
    }

    /** The caches are read inside the lock, so whoever comes later has seen no less. */
    private synchronized void round(String namespace, String service) throws IOException {
        var cache = Objects.requireNonNull(models, "reconciled before any event source");
        Optional<Json.Obj> host = services().get(new ResourceID(service, namespace)).map(Trees::of);
        rounds.round(
                namespace, service, host, of(cache, namespace, service).map(Trees::of).toList());
    }

    private InformerEventSource<InferenceServiceResource, TrainedModelResource> services() {
        return Objects.requireNonNull(services, "reconciled before any event source");
    }

    @Override
    public ErrorStatusUpdateControl<TrainedModelResource> updateErrorStatus(
            TrainedModelResource model, Context<TrainedModelResource> context, Exception failed) {
        LOG.warn(
                "TrainedModel {}/{} could not be reconciled and will be tried again: {}",
                model.getMetadata().getNamespace(),
                model.getMetadata().getName(),
                failed.getMessage(),
                failed instanceof IOException ? null : failed);
        return ErrorStatusUpdateControl.noStatusUpdate();
    }
}
