package dev.marea.local.work;

import dev.marea.local.objects.Meta;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list of status conditions; a condition's transition time moves only with its status. */
public record Conditions(List<Json> items) {
    public Conditions {
        items = List.copyOf(items);
    }

    public Optional<Json> find(String type) {
        return items.stream().filter(c -> c.text("type").orElse("").equals(type)).findFirst();
    }

    public boolean isTrue(String type) {
        return find(type).flatMap(c -> c.text("status")).orElse("").equals("True");
    }

    public Conditions with(Json.Obj condition, Instant now) {
        var type = condition.text("type").orElseThrow();
        var old = find(type);
        var moved =
                old.flatMap(c -> c.text("lastTransitionTime"))
                        .filter(_ ->
                                old.flatMap(c -> c.text("status")).equals(condition.text("status")))
                        .orElse(Meta.stamp(now));
        var next = new ArrayList<>(items);
        var at = old.map(items::indexOf).orElse(items.size());
        var stamped = condition.with("lastTransitionTime", Json.of(moved));
        if (at == items.size()) {
            next.add(stamped);
        } else {
            next.set(at, stamped);
        }
        return new Conditions(next);
    }

    public Conditions without(String type) {
        return new Conditions(
                items.stream().filter(c -> !c.text("type").orElse("").equals(type)).toList());
    }

    public static Json.Obj condition(String type, boolean holds) {
        return Json.Obj.of("type", type, "status", holds ? "True" : "False");
    }

    public static Json.Obj condition(String type, boolean holds, String reason, String message) {
        return condition(type, holds)
                .with("reason", Json.of(reason))
                .with("message", Json.of(message));
    }
}
