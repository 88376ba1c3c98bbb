package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.stream.Collectors;

/** The spellings of a canary that exist, and how one becomes another; for messages. */
final class CanaryForms {
    /** A warning travels in one header line. */
    private static final int SHOWN_MAX = 600;

    private CanaryForms() {}

    static final String V1ALPHA2 =
            "is of v1alpha2, which KServe removed in 0.7; write spec.predictor {model, canaryTrafficPercent, canary: {model}}";

    /**
     * What the author of a canary block should know, with the form that every KServe understands.
     */
    static String blockWarning(Json.Obj canary, long percent) {
        var second =
                Json.Obj.of(
                        "spec",
                        Json.Obj.of(
                                "predictor",
                                canary.with("canaryTrafficPercent", new Json.Int(percent))));
        return "spec.predictor.canary: two revisions are served, %d %% by spec.predictor and %d %% by the canary block; KServe itself has no such block and drops it. The canonical form is a first apply without the block, then a second one with %s"
                .formatted(100 - percent, percent, shown(second));
    }

    /** YAML's flow form on one line. */
    private static String shown(Json value) {
        var text = flow(value);
        return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + " ...";
    }

    private static String flow(Json value) {
        return switch (value) {
            case Json.Obj(var fields) ->
                    fields.entrySet().stream()
                            .map(field -> field.getKey() + ": " + flow(field.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            case Json.Arr(List<Json> items) ->
                    items.stream()
                            .map(CanaryForms::flow)
                            .collect(Collectors.joining(", ", "[", "]"));
            case Json.Str(var text) when text.matches("[A-Za-z][A-Za-z0-9._/-]*") -> text;
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> value.toString();
        };
    }
}
