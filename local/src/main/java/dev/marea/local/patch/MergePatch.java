package dev.marea.local.patch;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;

/** JSON merge patch (RFC 7386): objects merge, null removes, everything else replaces. */
public final class MergePatch {
    private MergePatch() {}

    public static Json.Obj apply(Json.Obj target, Json.Obj patch) {
        var merged = new LinkedHashMap<>(target.fields());
        patch.fields()
                .forEach((name, change) -> {
                    switch (change) {
                        case Json.Null() -> merged.remove(name);
                        case Json.Obj inner -> merged.merge(name, inner, MergePatch::into);
                        default -> merged.put(name, change);
                    }
                });
        merged.replaceAll((name, value) -> target.has(name) ? value : withoutNulls(value));
        return new Json.Obj(merged);
    }

    private static Json into(Json old, Json patch) {
        var target = old instanceof Json.Obj object ? object : Json.Obj.EMPTY;
        return apply(target, (Json.Obj) patch);
    }

    /** A patch that creates an object must not leave its own removal marks in it. */
    private static Json withoutNulls(Json value) {
        return value instanceof Json.Obj object ? apply(Json.Obj.EMPTY, object) : value;
    }
}
