package dev.marea.wire.admission;

import dev.marea.core.spec.ServingRuntime;
import dev.marea.core.spec.ServingRuntime.Format;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.RuntimeManifest;
import dev.marea.wire.kserve.ServingRuntimes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Admits ServingRuntimes and ClusterServingRuntimes, so that a choice among them is never a
 * toss-up.
 */
public record ServingRuntimeAdmission(KnownRuntimes known) implements Admission {

    @Override
    public Verdict review(Optional<Json.Obj> before, Json.Obj after) {
        if (after.at("metadata", "deletionTimestamp").isPresent()
                || before.filter(b -> b.object("spec").equals(after.object("spec"))).isPresent()) {
            return Verdict.PASS;
        }
        RuntimeManifest manifest;
        try {
            manifest = ServingRuntimes.read(after);
        } catch (InvalidManifest invalid) {
            return new Verdict(Refusals.of(invalid), List.of());
        }
        var errors = new ArrayList<FieldError>();
        if (before.filter(b -> b.at("spec", "workerSpec").isPresent()).isPresent()
                && !manifest.runtime().multiNode()) {
            errors.add(
                    FieldError.invalid(
                            "spec.workerSpec",
                            "cannot be taken away, services may run on it; create another runtime"));
        }
        errors.addAll(rivals(manifest.runtime()));
        return new Verdict(errors, manifest.warnings());
    }

    /** Two enabled runtimes of one scope that claim a format with the same priority. */
    private List<FieldError> rivals(ServingRuntime runtime) {
        var errors = new ArrayList<FieldError>();
        if (runtime.disabled()) {
            return errors;
        }
        for (var other : known.in(runtime.namespace())) {
            if (other.disabled()
                    || other.name().equals(runtime.name())
                    || other.multiModel() != runtime.multiModel()
                    || Collections.disjoint(other.protocols(), runtime.protocols())) {
                continue;
            }
            for (int i = 0; i < runtime.formats().size(); i++) {
                var format = runtime.formats().get(i);
                if (other.formats().stream().anyMatch(theirs -> rival(format, theirs))) {
                    errors.add(
                            FieldError.invalid(
                                    "spec.supportedModelFormats[%d].priority".formatted(i),
                                    "is %d for %s, and so it is in runtime %s; give one of them another priority"
                                            .formatted(
                                                    format.priority().orElseThrow(),
                                                    format.format(),
                                                    other.name())));
                }
            }
        }
        return errors;
    }

    private static boolean rival(Format ours, Format theirs) {
        return ours.autoSelect()
                && theirs.autoSelect()
                && ours.priority().isPresent()
                && ours.priority().equals(theirs.priority())
                && ours.format().name().equalsIgnoreCase(theirs.format().name())
                && ours.format().version().equals(theirs.format().version());
    }
}
