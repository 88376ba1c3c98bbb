package dev.marea.app.platform;

import dev.marea.core.spec.ServingRuntime;
import dev.marea.kubernetes.objects.StorageContainers;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.wire.admission.Admission;
import dev.marea.wire.admission.InferenceServiceAdmission;
import dev.marea.wire.admission.KnownRuntimes;
import dev.marea.wire.admission.ModelCacheAdmission;
import dev.marea.wire.admission.NodeGroupAdmission;
import dev.marea.wire.admission.ServingRuntimeAdmission;
import dev.marea.wire.admission.StorageContainerAdmission;
import dev.marea.wire.admission.TrainedModelAdmission;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.ServingRuntimes;
import dev.marea.wire.kserve.StorageContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The judges that a cluster asks by webhook and one machine asks in process. */
final class Admissions implements KnownRuntimes {
    static final Resource INFERENCE_SERVICE =
            kserve("v1beta1", "inferenceservices", "InferenceService", true);

    private static final Resource SERVING_RUNTIME =
            kserve("v1alpha1", "servingruntimes", ServingRuntimes.NAMESPACED_KIND, true);
    private static final Resource CLUSTER_SERVING_RUNTIME =
            kserve("v1alpha1", "clusterservingruntimes", ServingRuntimes.CLUSTER_KIND, false);
    private static final Resource TRAINED_MODEL =
            kserve("v1alpha1", "trainedmodels", "TrainedModel", true);
    private static final Resource STORAGE_CONTAINER =
            kserve("v1alpha1", "clusterstoragecontainers", "ClusterStorageContainer", false);
    private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);

    // The store judges with us and we look into the store: it is known only once it is open.
    private final AtomicReference<Optional<Objects>> stored =
            new AtomicReference<>(Optional.empty());

    private static Resource kserve(String version, String plural, String kind, boolean namespaced) {
        return new Resource("serving.kserve.io", version, plural, kind, namespaced);
    }

    Map<Resource, Admission> byResource() {
        var runtimes = new ServingRuntimeAdmission(this);
        return Map.of(
                INFERENCE_SERVICE,
                new InferenceServiceAdmission(true, this::containers),
                SERVING_RUNTIME,
                runtimes,
                CLUSTER_SERVING_RUNTIME,
                runtimes,
                TRAINED_MODEL,
                new TrainedModelAdmission(true),
                STORAGE_CONTAINER,
                new StorageContainerAdmission(),
                kserve("v1alpha1", "localmodelcaches", "LocalModelCache", false),
                new ModelCacheAdmission(true),
                kserve("v1alpha1", "localmodelnamespacecaches", "LocalModelNamespaceCache", true),
                new ModelCacheAdmission(true),
                kserve("v1alpha1", "localmodelnodegroups", "LocalModelNodeGroup", false),
                new NodeGroupAdmission());
    }

    private List<StorageContainer> containers() {
        var containers = new ArrayList<StorageContainer>();
        stored.get()
                .ifPresent(objects ->
                        objects.list(STORAGE_CONTAINER, "")
                                .items()
                                .forEach(item ->
                                        StorageContainers.read(item).ifPresent(containers::add)));
        return containers;
    }

    void lookInto(Objects objects) {
        stored.set(Optional.of(objects));
    }

    @Override
    public List<ServingRuntime> in(Optional<String> namespace) {
        var runtimes = new ArrayList<ServingRuntime>();
        var resource = namespace.isPresent() ? SERVING_RUNTIME : CLUSTER_SERVING_RUNTIME;
        stored.get()
                .ifPresent(objects ->
                        objects.list(resource, namespace.orElse(""))
                                .items()
                                .forEach(item -> {
                                    try {
                                        runtimes.add(ServingRuntimes.read(item).runtime());
                                    } catch (InvalidManifest old) {
                                        LOG.debug(
                                                "a stored runtime cannot be read: {}",
                                                old.getMessage());
                                    }
                                }));
        return runtimes;
    }
}
