package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** The edits that end a canary, as merge patches of an InferenceService. */
public final class CanarySteps {
    private static final String PERCENT = "canaryTrafficPercent";

    private CanarySteps() {}

    /** All traffic to the canary. What runs then is what ran as the canary: nothing restarts. */
    public static Json.Obj promote(Json.Obj service) throws InvalidManifest {
        var candidate = InferenceServices.read(service).candidate();
        if (candidate.isEmpty()) {
            return predictor(Json.Obj.EMPTY.with(PERCENT, Json.Null.VALUE));
        }
        var now = service.object("spec", "predictor");
        var then = candidate.get();
        for (var kept : Shape.NOT_IN_CANARY) {
            var value = now.fields().get(kept);
            if (value != null && !kept.equals("canary") && !kept.equals(PERCENT)) {
                then = then.with(kept, value);
            }
        }
        return predictor(difference(now, then));
    }

    /** All traffic back to the stable revision: without the block, or at 0 percent. */
    public static Json.Obj rollback(Json.Obj service) {
        return service.at("spec", "predictor", "canary").isPresent()
                ? predictor(
                        Json.Obj.EMPTY
                                .with("canary", Json.Null.VALUE)
                                .with(PERCENT, Json.Null.VALUE))
                : predictor(Json.Obj.of(PERCENT, 0));
    }

    private static Json.Obj predictor(Json.Obj patch) {
        return Json.Obj.of("spec", Json.Obj.of("predictor", patch));
    }

    /** The merge patch (RFC 7396) that turns one object into the other. */
    private static Json.Obj difference(Json.Obj from, Json.Obj to) {
        var patch = new LinkedHashMap<String, Json>();
        to.fields()
                .forEach((name, wanted) -> {
                    var had = from.fields().get(name);
                    if (had instanceof Json.Obj a && wanted instanceof Json.Obj b) {
                        if (!a.equals(b)) {
                            patch.put(name, difference(a, b));
                        }
                    } else if (!wanted.equals(had)) {
                        patch.put(name, wanted);
                    }
                });
        var gone = new ArrayList<>(from.fields().keySet());
        gone.removeAll(to.fields().keySet());
        gone.forEach(name -> patch.put(name, Json.Null.VALUE));
        return new Json.Obj(patch);
    }
}
