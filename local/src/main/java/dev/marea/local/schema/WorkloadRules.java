package dev.marea.local.schema;

import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Selector;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** The rules of Deployments and ReplicaSets: a selector that fits the template, and stays. */
record WorkloadRules(Mistakes mistakes) {
    void check(Optional<Json.Obj> before, Json.Obj after) {
        var selector = after.at("spec", "selector");
        if (selector.isEmpty()) {
            mistakes.required("spec.selector");
        } else {
            selector(after, after.object("spec", "selector"));
        }
        before.flatMap(old -> old.at("spec", "selector"))
                .ifPresent(old ->
                        mistakes.immutable("spec.selector", old, selector.orElse(Json.Null.VALUE)));
        for (var count :
                List.of(
                        "replicas",
                        "minReadySeconds",
                        "revisionHistoryLimit",
                        "progressDeadlineSeconds")) {
            mistakes.range(
                    "spec." + count,
                    after.at("spec", count).orElse(Json.Null.VALUE),
                    0,
                    Integer.MAX_VALUE);
        }
        strategy(after);
        template(after);
    }

    private void selector(Json.Obj after, Json.Obj selector) {
        var wanted = Selector.of(selector);
        if (wanted.isEmpty()) {
            mistakes.invalid("spec.selector", selector, "empty selector is invalid for deployment");
            return;
        }
        var labels = after.object("spec", "template", "metadata", "labels");
        if (!wanted.matches(Meta.strings(labels))) {
            mistakes.invalid(
                    "spec.template.metadata.labels",
                    labels,
                    "`selector` does not match template `labels`");
        }
    }

    private void strategy(Json.Obj after) {
        var rolling = after.object("spec", "strategy", "rollingUpdate");
        var type = after.text("spec", "strategy", "type").orElse("");
        if (type.equals("Recreate") && !rolling.isEmpty()) {
            mistakes.forbidden(
                    "spec.strategy.rollingUpdate",
                    "may not be specified when strategy `type` is 'Recreate'");
        }
        for (var bound : List.of("maxSurge", "maxUnavailable")) {
            rolling.at(bound).ifPresent(v -> share("spec.strategy.rollingUpdate." + bound, v));
        }
        if (isZero(rolling, "maxSurge") && isZero(rolling, "maxUnavailable")) {
            mistakes.invalid(
                    "spec.strategy.rollingUpdate.maxUnavailable",
                    rolling.at("maxUnavailable").orElse(Json.Null.VALUE),
                    "may not be 0 when `maxSurge` is 0");
        }
    }

    private void share(String path, Json value) {
        switch (value) {
            case Json.Str(var text) -> {
                if (!text.matches("[0-9]{1,9}%")) {
                    mistakes.invalid(
                            path,
                            value,
                            "a valid percent string must be a numeric string followed by an ending"
                                    + " '%' (e.g. '1%',  or '93%', regex used for validation is"
                                    + " '[0-9]+%')");
                }
            }
            default -> mistakes.range(path, value, 0, Integer.MAX_VALUE);
        }
    }

    private static boolean isZero(Json rolling, String bound) {
        return rolling.at(bound)
                .filter(v -> v.equals(Json.of(0)) || v.equals(Json.of("0%")))
                .isPresent();
    }

    private void template(Json.Obj after) {
        var spec = after.at("spec", "template", "spec").orElse(Json.Obj.EMPTY);
        new MetaRules(mistakes)
                .labels(
                        "spec.template.labels",
                        after.object("spec", "template", "metadata", "labels"));
        new PodRules(mistakes).check("spec.template.spec", spec);
        var restart = spec.text("restartPolicy").orElse("Always");
        if (!restart.equals("Always")) {
            mistakes.unsupported(
                    "spec.template.spec.restartPolicy", Json.of(restart), List.of("Always"));
        }
    }
}
