package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.objects.RuntimeTree;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.RuntimeManifest;
import dev.marea.wire.kserve.ServingRuntimes;
import dev.marea.wire.kserve.ShippedRuntimes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A runtime that services may choose. */
record KnownRuntime(RuntimeManifest manifest, boolean shipped) {
    private static final Logger LOG = LoggerFactory.getLogger(KnownRuntime.class);

    static Optional<KnownRuntime> of(Json.Obj tree) {
        try {
            return Optional.of(
                    new KnownRuntime(
                            ServingRuntimes.read(tree),
                            tree.at("metadata", "labels", ShippedRuntimes.LABEL).isPresent()));
        } catch (InvalidManifest odd) {
            LOG.warn(
                    "runtime {} is not considered: {}",
                    tree.text("metadata", "name").orElse("?"),
                    odd.getMessage());
            return Optional.empty();
        }
    }

    RuntimeTree tree() {
        var runtime = manifest.runtime();
        return new RuntimeTree(
                runtime.name(), runtime.namespace().isEmpty(), shipped, manifest.spec());
    }
}
