package dev.marea.wire.kserve;

import dev.marea.core.spec.ServingRuntime;
import dev.marea.wire.json.Json;
import java.util.List;

/**
 * A ServingRuntime or ClusterServingRuntime as read: what selection needs, and the spec whose pod
 * parts the operator renders.
 */
public record RuntimeManifest(ServingRuntime runtime, Json.Obj spec, List<String> warnings) {
    public RuntimeManifest {
        warnings = List.copyOf(warnings);
    }
}
