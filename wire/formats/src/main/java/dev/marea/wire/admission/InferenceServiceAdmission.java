package dev.marea.wire.admission;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InferenceServices;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Admits InferenceServices: what the reader refuses, what must not change, and where models may
 * come from.
 *
 * @param oneMachine whether models may be files of this machine or come from its loopback: yes
 *     where its user is its owner, no on a cluster, where both have what tenants must not reach
 * @param containers that fetch what we do not
 */
public record InferenceServiceAdmission(boolean oneMachine, KnownContainers containers)
        implements Admission {
    public InferenceServiceAdmission(boolean oneMachine) {
        this(oneMachine, KnownContainers.NONE);
    }

    @Override
    public Verdict review(Optional<Json.Obj> before, Json.Obj after) {
        if (after.at("metadata", "deletionTimestamp").isPresent()) {
            return Verdict.PASS;
        }
        Manifest manifest;
        try {
            manifest = InferenceServices.read(after);
        } catch (InvalidManifest invalid) {
            return saysTheSame(before, after)
                    ? Verdict.PASS
                    : new Verdict(Refusals.of(invalid), List.of());
        }
        var errors = new ArrayList<FieldError>();
        before.flatMap(stored -> ModeRules.changed(stored, after)).ifPresent(errors::add);
        ModeRules.strategy(after).ifPresent(errors::add);
        if (!saysTheSame(before, after)) {
            errors.addAll(StorageRules.check(manifest, oneMachine, containers));
            errors.addAll(oneMachine ? List.of() : RemoteCode.check(after));
        }
        return new Verdict(errors, manifest.service().warnings());
    }

    /** An object that was admitted once may still be labelled after the rules became stricter. */
    private static boolean saysTheSame(Optional<Json.Obj> before, Json.Obj after) {
        return before.filter(stored -> stored.object("spec").equals(after.object("spec")))
                .filter(stored ->
                        stored.object("metadata", "annotations")
                                .equals(after.object("metadata", "annotations")))
                .isPresent();
    }
}
