package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.Map;

/** Known fields that this release cannot honour and must not ignore, with what to do instead. */
final class Refused {
    static final Map<String, String> SPEC =
            Map.of(
                    "transformer",
                            "transformers are not served by this release; call one from the client, or run it as a service of its own",
                    "explainer", "explainers are not served by this release");

    static final Map<String, String> MODEL =
            Map.of("confidential", "encrypted models are not served by this release");

    private Refused() {}

    static void checkSpec(Json.Obj spec, Problems problems) {
        check(spec, "spec", SPEC, problems);
    }

    static void check(Json.Obj predictor, String path, Problems problems) {
        check(predictor.object("model"), path + ".model", MODEL, problems);
    }

    private static void check(
            Json.Obj object, String path, Map<String, String> refused, Problems problems) {
        object.fields()
                .keySet()
                .forEach(name -> {
                    var why = refused.get(name);
                    if (why != null) {
                        problems.forbidden(path + "." + name, why);
                    }
                });
    }
}
