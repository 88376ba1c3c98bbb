package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.StorageContainer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ClusterStorageContainers of a cluster. */
public final class StorageContainers {
    private static final Logger LOG = LoggerFactory.getLogger(StorageContainers.class);

    private StorageContainers() {}

    /** One that slipped by admission is as good as none. */
    public static Optional<StorageContainer> read(Json.Obj tree) {
        try {
            return Optional.of(StorageContainer.read(tree));
        } catch (InvalidManifest odd) {
            LOG.warn(
                    "ClusterStorageContainer {} is not considered: {}",
                    tree.text("metadata", "name").orElse("?"),
                    odd.getMessage());
            return Optional.empty();
        }
    }
}
