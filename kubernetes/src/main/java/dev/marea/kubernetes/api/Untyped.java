package dev.marea.kubernetes.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is watched at once into the trees that we use. Left to itself the client library,
 * 7.5.2, reads every event into its class for that kind, writes it out and reads it again.
 */
final class Untyped extends KubernetesSerialization {
    /** Whose paths the library knows by their classes; for other groups it asks the API. */
    private static final Map<String, Class<? extends KubernetesResource>> PLACES =
            Map.of(
                    "v1/Pod", Pod.class,
                    "v1/Service", Service.class,
                    "v1/ConfigMap", ConfigMap.class,
                    "apps/v1/Deployment", Deployment.class,
                    "apps/v1/ControllerRevision", ControllerRevision.class);

    Untyped() {
        super(new ObjectMapper(), false);
        // By its class the library knows that a watch has failed, and how.
        registerKubernetesResource(Status.class);
    }

    @Override
    public @Nullable Class<? extends KubernetesResource> getRegisteredKubernetesResource(
            @Nullable String apiVersion, @Nullable String kind) {
        var place = PLACES.get(apiVersion + "/" + kind);
        return place != null ? place : super.getRegisteredKubernetesResource(apiVersion, kind);
    }
}
