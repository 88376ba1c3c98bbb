package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * The edits that change or end a canary, as merge patches of an InferenceService. A patch that
 * replaces a list bears the version of the service that it was made from, so that it cannot undo
 * somebody else's edit.
 */
public final class CanarySteps {
    private static final String PERCENT = "canaryTrafficPercent";

    /** What the stable version keeps when a named canary takes its place: how it is scaled. */
    private static final List<String> STAYS =
            List.of(
                    "minReplicas",
                    "maxReplicas",
                    "scaleTarget",
                    "scaleMetric",
                    "scaleMetricType",
                    "autoScaling",
                    "deploymentStrategy");

    private CanarySteps() {}

    /** The canaries of {@code spec.canary}; none for the other forms. */
    public static List<String> names(Json.Obj service) {
        return NamedCanaries.entries(service)
                .flatMap(e -> e.text("predictor", "name").stream())
                .toList();
    }

    /** All traffic to the canary. What runs then is what ran as the canary: nothing restarts. */
    public static Json.Obj promote(Json.Obj service) throws InvalidManifest {
        var candidates = InferenceServices.read(service).candidates();
        if (candidates.isEmpty()) {
            return predictor(Json.Obj.EMPTY.with(PERCENT, Json.Null.VALUE));
        }
        var now = service.object("spec", "predictor");
        var then = candidates.getFirst();
        for (var kept : Shape.NOT_IN_CANARY) {
            var value = now.fields().get(kept);
            if (value != null && !kept.equals("canary") && !kept.equals(PERCENT)) {
                then = then.with(kept, value);
            }
        }
        return predictor(difference(now, then));
    }

    /** A named canary takes the predictor's place and its traffic; the others go. */
    public static Json.Obj promote(Json.Obj service, String name) {
        var now = service.object("spec", "predictor");
        var then = entry(service, name).object("predictor");
        for (var field : STAYS) {
            var value = now.fields().get(field);
            then = value == null ? then.without(field) : then.with(field, value);
        }
        return list(service, List.of()).withAt(List.of("spec", "predictor"), difference(now, then));
    }

    /** All traffic back to the stable revision: without the block, or at 0 percent. */
    public static Json.Obj rollback(Json.Obj service) {
        if (service.at("spec", "canary").isPresent()) {
            return list(service, List.of());
        }
        return service.at("spec", "predictor", "canary").isPresent()
                ? predictor(
                        Json.Obj.EMPTY
                                .with("canary", Json.Null.VALUE)
                                .with(PERCENT, Json.Null.VALUE))
                : predictor(Json.Obj.of(PERCENT, 0));
    }

    /** One named canary goes; the others stay. */
    public static Json.Obj rollback(Json.Obj service, String name) {
        var gone = entry(service, name);
        return list(service, NamedCanaries.entries(service).filter(e -> !e.equals(gone)).toList());
    }

    /**
     * Another share for the canary.
     *
     * @param name of a named canary; none for the other forms
     */
    public static Json.Obj share(Json.Obj service, Optional<String> name, int percent) {
        if (name.isEmpty()) {
            return predictor(Json.Obj.of(PERCENT, percent));
        }
        var changed = entry(service, name.get());
        return list(
                service,
                NamedCanaries.entries(service)
                        .map(e ->
                                e.equals(changed) ? e.with("trafficPercent", Json.of(percent)) : e)
                        .toList());
    }

    private static Json.Obj entry(Json.Obj service, String name) {
        return NamedCanaries.entries(service)
                .filter(e -> e.text("predictor", "name").filter(name::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("spec.canary has no " + name));
    }

    private static Json.Obj list(Json.Obj service, List<Json.Obj> entries) {
        var patch =
                Json.Obj.of(
                        "spec",
                        Json.Obj.EMPTY.with(
                                "canary",
                                entries.isEmpty()
                                        ? Json.Null.VALUE
                                        : new Json.Arr(List.copyOf(entries))));
        return service.text("metadata", "resourceVersion")
                .map(v -> patch.withAt(List.of("metadata", "resourceVersion"), Json.of(v)))
                .orElse(patch);
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
