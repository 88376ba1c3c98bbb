package dev.marea.kubernetes.reconcile;

import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.InferenceServiceResource;
import dev.marea.kubernetes.api.Trees;
import dev.marea.kubernetes.expose.Services;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Operator SDK's side of a reconciliation: queue, retries, caches.
 *
 * <p>It sets no finalizer. All that a service made bears an owner reference and is deleted with it,
 * and what we hold in memory is dropped on the delete event; a finalizer would only keep a service
 * from going while no operator runs.
 */
@ControllerConfiguration(name = "inferenceservice", generationAwareEventProcessing = false)
final class ServiceReconciler implements Reconciler<InferenceServiceResource> {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceReconciler.class);

    private final Reconciliation reconciliation;
    private final Turns turns;
    private final HeldBack heldBack = new HeldBack();
    private @Nullable Watches watches;

    /**
     * One controller's part.
     *
     * @param turns before every round, for each has a thread
     */
    ServiceReconciler(Reconciliation reconciliation, Turns turns) {
        this.reconciliation = reconciliation;
        this.turns = turns;
    }

    @Override
    public List<EventSource<?, InferenceServiceResource>> prepareEventSources(
            EventSourceContext<InferenceServiceResource> context) {
        var prepared = new Watches(context);
        watches = prepared;
        reconciliation.exposures().follow(prepared);
        return prepared.sources();
    }

    /** Whether the caches are filled. */
    boolean sees() {
        return Objects.requireNonNull(watches, "asked before any event source").seesServices();
    }

    /** Every service that exists, once the caches are filled. */
    Set<ServiceId> known() {
        return Objects.requireNonNull(watches, "asked before any event source")
                .all()
                .map(Services::id)
                .collect(Collectors.toSet());
    }

    @Override
    public UpdateControl<InferenceServiceResource> reconcile(
            InferenceServiceResource service, Context<InferenceServiceResource> context)
            throws IOException, InterruptedException {
        var id = ResourceID.fromResource(service);
        UpdateControl<InferenceServiceResource> done = UpdateControl.noUpdate();
        if (context.isPrimaryResourceDeleted()) {
            heldBack.forget(id);
            reconciliation.forget(Trees.of(service));
            return done;
        }
        var wait = heldBack.left(id);
        if (wait.isPresent()) {
            return done.rescheduleAfter(wait.get());
        }
        var seen = Objects.requireNonNull(watches, "reconciled before any event source");
        try (var _ = turns.take(service.getMetadata().getNamespace(), isUnanswered(service))) {
            // It may have changed while others had their turns; if it is gone we shall be told.
            var latest = seen.latest(service);
            return latest.isEmpty()
                    ? done
                    : round(latest.get(), seen).map(done::rescheduleAfter).orElse(done);
        }
    }

    /** Whether what is asked has changed since the status was written. */
    private static boolean isUnanswered(InferenceServiceResource service) {
        var status = service.getStatus();
        return status == null
                || !(status.get("observedGeneration") instanceof Number answered)
                || answered.longValue() != service.getMetadata().getGeneration();
    }

    private Optional<Duration> round(InferenceServiceResource service, Watches seen)
            throws IOException {
        var tree = Trees.of(service);
        if (service.getMetadata().getDeletionTimestamp() != null) {
            reconciliation.forget(tree);
            return Optional.empty();
        }
        reconciliation.requireSight(tree, seen.unseen());
        return reconciliation.round(
                tree,
                seen.facts(service),
                seen.guests(service),
                seen.known(service.getMetadata().getNamespace()));
    }

    @Override
    public ErrorStatusUpdateControl<InferenceServiceResource> updateErrorStatus(
            InferenceServiceResource service,
            Context<InferenceServiceResource> context,
            Exception failed) {
        LOG.warn(
                "{}/{} could not be reconciled and will be tried again: {}",
                service.getMetadata().getNamespace(),
                service.getMetadata().getName(),
                failed.getMessage(),
                failed instanceof IOException ? null : failed);
        ErrorStatusUpdateControl<InferenceServiceResource> again =
                ErrorStatusUpdateControl.noStatusUpdate();
        var wait =
                failed instanceof ApiRefusal refused
                        ? refused.retryAfter()
                        : Optional.<Duration>empty();
        wait.ifPresent(w -> heldBack.hold(ResourceID.fromResource(service), w));
        return wait.map(again::rescheduleAfter).orElse(again);
    }
}
