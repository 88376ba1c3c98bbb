package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.Set;

/** What can be told from names and types alone, before anything is read. */
record Shape(Problems problems) {
    /** KServe's own manifests need about 15 levels; deeper ones are attacks or accidents. */
    private static final int DEPTH_MAX = 50;

    /** Fields of the predictor that a canary block cannot have: there is one of each a service. */
    static final Set<String> NOT_IN_CANARY =
            Set.of("canary", "canaryTrafficPercent", "name", "deploymentStrategy");

    void check(Json.Obj object) {
        if (depth(object) > DEPTH_MAX) {
            problems.invalid("", "the manifest is nested more than " + DEPTH_MAX + " levels deep");
            return;
        }
        if (otherVersion(object)) {
            return;
        }
        Crds.inferenceService().check(object, "", problems);
        checkCanary(object);
        object.at("spec", "canary").ifPresent(list -> NamedCanaries.checkShape(list, problems));
    }

    /** The forms of other versions of KServe get one message instead of many. */
    private boolean otherVersion(Json.Obj object) {
        var spec = object.object("spec");
        boolean alpha = false;
        if (spec.has("default")) {
            problems.forbidden("spec.default", CanaryForms.V1ALPHA2);
            alpha = true;
        }
        if (spec.has("canaryTrafficPercent")) {
            problems.forbidden(
                    "spec.canaryTrafficPercent",
                    spec.has("default")
                                    || spec.at("canary")
                                            .filter(Json.Obj.class::isInstance)
                                            .isPresent()
                            ? CanaryForms.V1ALPHA2
                            : "belongs to spec.predictor.canaryTrafficPercent");
            alpha = true;
        }
        if (spec.at("canary").filter(Json.Obj.class::isInstance).isPresent()) {
            problems.forbidden("spec.canary", CanaryForms.V1ALPHA2);
            alpha = true;
        }
        return alpha;
    }

    private void checkCanary(Json.Obj object) {
        var path = "spec.predictor.canary";
        object.at("spec", "predictor", "canary")
                .ifPresent(value -> {
                    if (value instanceof Json.Obj canary) {
                        checkCanary(canary, path);
                    }
                });
    }

    private void checkCanary(Json.Obj canary, String path) {
        for (var percent : new String[] {"canaryTrafficPercent", "trafficPercent"}) {
            if (canary.has(percent)) {
                problems.forbidden(
                        path + "." + percent,
                        "the share has one place: spec.predictor.canaryTrafficPercent");
            }
        }
        Crds.inferenceService()
                .at("spec", "predictor")
                .lacking(NOT_IN_CANARY)
                .partial()
                .check(
                        canary.without("canaryTrafficPercent").without("trafficPercent"),
                        path,
                        problems);
    }

    private static int depth(Json value) {
        return switch (value) {
            case Json.Obj(var fields) ->
                    1 + fields.values().stream().mapToInt(Shape::depth).max().orElse(0);
            case Json.Arr(var items) -> 1 + items.stream().mapToInt(Shape::depth).max().orElse(0);
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> 0;
        };
    }
}
