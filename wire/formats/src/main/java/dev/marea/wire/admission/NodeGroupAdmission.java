package dev.marea.wire.admission;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.NodeGroup;
import java.util.List;
import java.util.Optional;

/** Admits LocalModelNodeGroups. */
public record NodeGroupAdmission() implements Admission {
    @Override
    public Verdict review(Optional<Json.Obj> before, Json.Obj after) {
        if (after.at("metadata", "deletionTimestamp").isPresent()) {
            return Verdict.PASS;
        }
        try {
            var _ = NodeGroup.read(after);
            return Verdict.PASS;
        } catch (InvalidManifest invalid) {
            return new Verdict(Refusals.of(invalid), List.of());
        }
    }
}
