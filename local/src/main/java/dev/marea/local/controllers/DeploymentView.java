package dev.marea.local.controllers;

import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Selector;
import dev.marea.wire.json.Json;
import java.math.RoundingMode;
import java.util.OptionalLong;

/** A Deployment with Kubernetes' defaults. */
record DeploymentView(Json.Obj object) {
    private static final Json QUARTER = Json.of("25%");
    private static final long DEADLINE_SECONDS = 600;
    private static final long NO_DEADLINE = Integer.MAX_VALUE;
    private static final long HISTORY = 10;

    Meta meta() {
        return new Meta(object);
    }

    int replicas() {
        return Math.clamp(object.integer("spec", "replicas").orElse(1), 0, Integer.MAX_VALUE);
    }

    boolean paused() {
        return object.flag("spec", "paused");
    }

    boolean recreates() {
        return object.text("spec", "strategy", "type").orElse("").equals("Recreate");
    }

    Json.Obj template() {
        return object.object("spec", "template");
    }

    Selector selector() {
        return Selector.of(object.object("spec", "selector"));
    }

    long minReadySeconds() {
        return object.integer("spec", "minReadySeconds").orElse(0);
    }

    int historyLimit() {
        return Math.clamp(object.integer("spec", "revisionHistoryLimit").orElse(HISTORY), 0, 1_000);
    }

    /** Empty if it may take for ever. */
    OptionalLong deadlineSeconds() {
        long seconds = object.integer("spec", "progressDeadlineSeconds").orElse(DEADLINE_SECONDS);
        return seconds == NO_DEADLINE ? OptionalLong.empty() : OptionalLong.of(seconds);
    }

    /** How many pods more than asked for there may be for a while. */
    int surge() {
        return recreates() ? 0 : amount("maxSurge", RoundingMode.CEILING);
    }

    /** How many pods may be missing; one, if neither surge nor absence were allowed. */
    int unavailable() {
        if (recreates()) {
            return 0;
        }
        int declared = amount("maxUnavailable", RoundingMode.FLOOR);
        return declared == 0 && surge() == 0 ? 1 : Math.min(declared, replicas());
    }

    private int amount(String field, RoundingMode rounding) {
        var declared = object.at("spec", "strategy", "rollingUpdate", field).orElse(QUARTER);
        return switch (declared) {
            case Json.Int(var number) -> Math.clamp(number, 0, Integer.MAX_VALUE);
            case Json.Str(var text) when text.matches("[0-9]{1,6}%") -> share(text, rounding);
            case Json.Str _, Json.Dec _, Json.Bool _, Json.Null _, Json.Obj _, Json.Arr _ -> 0;
        };
    }

    private int share(String percent, RoundingMode rounding) {
        long hundredths = Long.parseLong(percent.substring(0, percent.length() - 1)) * replicas();
        return (int)
                (rounding == RoundingMode.CEILING
                        ? Math.ceilDiv(hundredths, 100)
                        : hundredths / 100);
    }
}
