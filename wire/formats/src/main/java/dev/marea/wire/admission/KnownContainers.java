package dev.marea.wire.admission;

import dev.marea.wire.kserve.StorageContainer;
import java.util.List;

/** The ClusterStorageContainers that exist; whoever has the API answers. */
@FunctionalInterface
public interface KnownContainers {
    KnownContainers NONE = List::of;

    List<StorageContainer> all();
}
