package dev.marea.local.node;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Edit;
import dev.marea.local.work.Serial;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds every PersistentVolumeClaim to a directory of its own; it outlives the claim. */
final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private final Edit edit;
    private final Volumes volumes;
    private final Serial serial = new Serial("claims");

    Claims(Edit edit, Volumes volumes) {
        this.edit = edit;
        this.volumes = volumes;
    }

    void observe(Change change) {
        if (change.type() != Change.Type.DELETED
                && !change.object().text("status", "phase").orElse("").equals("Bound")) {
            serial.execute(() -> bind(change.object()));
        }
    }

    private void bind(Json.Obj claim) {
        var meta = new Meta(claim);
        try {
            Files.createDirectories(volumes.claimDirectory(meta.namespace(), meta.name()));
            edit.status(meta.key(Resource.PVC), meta.uid(), now -> now.with("status", bound(now)));
        } catch (IOException | Refusal failed) {
            LOG.warn(
                    "claim {}/{} not bound: {}",
                    meta.namespace(),
                    meta.name(),
                    failed.getMessage());
        }
    }

    private static Json.Obj bound(Json.Obj claim) {
        return claim.object("status")
                .with("phase", Json.of("Bound"))
                .with("accessModes", Json.of(claim.list("spec", "accessModes")))
                .withAt(
                        List.of("capacity", "storage"),
                        claim.at("spec", "resources", "requests", "storage").orElse(Json.of("0")));
    }
}
