package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.List;

/** Whether claims for volumes are met. */
final class StorageCheck implements Doctor.Check {
    private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";

    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        var classes =
                cluster.read("/apis/storage.k8s.io/v1/storageclasses").stream()
                        .flatMap(list -> list.list("items").stream())
                        .toList();
        if (classes.isEmpty()) {
            return List.of(
                    Finding.warn(
                            "storage",
                            "there is no StorageClass: a PersistentVolumeClaim waits for a volume that somebody makes by hand",
                            "install a provisioner if models are to lie in pvc://"));
        }
        var names = classes.stream().map(c -> c.text("metadata", "name").orElse("?")).toList();
        var found = "classes: " + String.join(", ", names);
        return List.of(
                classes.stream().anyMatch(StorageCheck::isDefault)
                        ? Finding.ok("storage", found)
                        : Finding.warn(
                                "storage",
                                found + "; none is the default",
                                "claims must name their class, or mark one as default"));
    }

    private static boolean isDefault(Json one) {
        return one.text("metadata", "annotations", DEFAULT).filter("true"::equals).isPresent();
    }
}
