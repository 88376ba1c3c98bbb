package dev.marea.wire.admission;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.kserve.InvalidManifest;
import java.util.List;

/** A reader's problems in the words of an API. */
final class Refusals {
    private Refusals() {}

    static List<FieldError> of(InvalidManifest invalid) {
        return invalid.problems().stream()
                .map(p -> new FieldError(p.field(), p.kind().wireName(), p.message()))
                .toList();
    }
}
