package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Map;

/** Known fields that this release takes and does nothing with; their author is told. */
final class Ignored {
    static final Map<String, String> SPEC = Map.of("tracing", "no spans are sent by this release");

    static final Map<String, String> PREDICTOR =
            Map.of(
                    "logger", "payloads are not logged by this release",
                    "batcher", "requests are batched by the model server itself");

    private Ignored() {}

    static void warn(Json.Obj object, List<String> warnings) {
        warn(object.object("spec"), "spec", SPEC, warnings);
        warn(object.object("spec", "predictor"), "spec.predictor", PREDICTOR, warnings);
    }

    private static void warn(
            Json.Obj object, String path, Map<String, String> ignored, List<String> warnings) {
        object.fields()
                .keySet()
                .forEach(name -> {
                    var why = ignored.get(name);
                    if (why != null) {
                        warnings.add("%s.%s has no effect: %s".formatted(path, name, why));
                    }
                });
    }
}
