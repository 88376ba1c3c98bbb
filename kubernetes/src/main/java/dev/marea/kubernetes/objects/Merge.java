package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Strategic merge of pod parts: lists with a key are merged by it, other lists are replaced. */
final class Merge {
    /**
     * The lists of a pod or a container that Kubernetes merges, and the field that names an item.
     */
    private static final Map<String, String> KEYS =
            Map.ofEntries(
                    Map.entry("containers", "name"),
                    Map.entry("initContainers", "name"),
                    Map.entry("volumes", "name"),
                    Map.entry("imagePullSecrets", "name"),
                    Map.entry("hostAliases", "ip"),
                    Map.entry("topologySpreadConstraints", "topologyKey"),
                    Map.entry("resourceClaims", "name"),
                    Map.entry("env", "name"),
                    Map.entry("ports", "containerPort"),
                    Map.entry("volumeMounts", "mountPath"),
                    Map.entry("volumeDevices", "devicePath"));

    /** Kubernetes replaces these; KServe's runtimes are written so that they are added up. */
    private static final String ARGS = "args";

    private Merge() {}

    static Json.Obj objects(Json.Obj base, Json.Obj over) {
        var merged = base;
        for (var field : over.fields().entrySet()) {
            var name = field.getKey();
            var below = base.fields().get(name);
            merged =
                    field.getValue() instanceof Json.Null
                            ? merged.without(name)
                            : merged.with(
                                    name,
                                    below == null
                                            ? field.getValue()
                                            : values(name, below, field.getValue()));
        }
        return merged;
    }

    private static Json values(String name, Json below, Json over) {
        if (below instanceof Json.Obj a && over instanceof Json.Obj b) {
            return objects(a, b);
        }
        if (below instanceof Json.Arr(var first) && over instanceof Json.Arr(var second)) {
            if (name.equals(ARGS)) {
                return concatenated(first, second);
            }
            var key = KEYS.get(name);
            return key == null ? over : byKey(key, first, second);
        }
        return over;
    }

    private static Json concatenated(List<Json> first, List<Json> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return new Json.Arr(all);
    }

    /** Items of the base keep their places; new ones follow. */
    private static Json byKey(String key, List<Json> below, List<Json> over) {
        var merged = new ArrayList<>(below);
        for (var item : over) {
            int at = indexOf(merged, key, item);
            if (at < 0) {
                merged.add(item);
            } else if (merged.get(at) instanceof Json.Obj a && item instanceof Json.Obj b) {
                // An env entry is one or the other: a value over a valueFrom must not keep both.
                merged.set(
                        at, key.equals("name") ? objects(withoutSource(a, b), b) : objects(a, b));
            }
        }
        return new Json.Arr(merged);
    }

    private static Json.Obj withoutSource(Json.Obj below, Json.Obj over) {
        if (over.has("value")) {
            return below.without("valueFrom");
        }
        return over.has("valueFrom") ? below.without("value") : below;
    }

    private static int indexOf(List<Json> items, String key, Json wanted) {
        var name = wanted.at(key);
        for (int i = 0; i < items.size(); i++) {
            if (name.isPresent() && items.get(i).at(key).equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
