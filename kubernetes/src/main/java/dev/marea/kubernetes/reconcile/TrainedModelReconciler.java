package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.ModelPlacement;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.TrainedModelResource;
import dev.marea.kubernetes.api.Trees;
import dev.marea.kubernetes.reconcile.TrainedStatuses.Urls;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.TrainedModels;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks to TrainedModels whose service does not exist. All others are seen to in the rounds of
 * their service, which sees them all together.
 */
@ControllerConfiguration(name = "trainedmodel", generationAwareEventProcessing = false)
final class TrainedModelReconciler implements Reconciler<TrainedModelResource> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainedModelReconciler.class);

    private final Api api;
    private final TrainedStatuses statuses;

    TrainedModelReconciler(Api api, TrainedStatuses statuses) {
        this.api = api;
        this.statuses = statuses;
    }

    @Override
    public UpdateControl<TrainedModelResource> reconcile(
            TrainedModelResource model, Context<TrainedModelResource> context) throws IOException {
        var tree = Trees.of(model);
        if (tree.at("metadata", "deletionTimestamp").isPresent()) {
            return UpdateControl.noUpdate();
        }
        try {
            var read = TrainedModels.read(tree);
            var service = read.service();
            if (api.get(Kind.INFERENCE_SERVICE, service.namespace(), service.name()).isEmpty()) {
                // A service that came meanwhile hears of this write, and sets it right.
                statuses.write(tree, ModelPlacement.homeless(read), Urls.NONE);
            }
        } catch (InvalidManifest odd) {
            LOG.warn("{} is not considered: {}", model.getMetadata().getName(), odd.getMessage());
        }
        return UpdateControl.noUpdate();
    }
}
