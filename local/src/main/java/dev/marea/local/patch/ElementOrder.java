package dev.marea.local.patch;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of a merged list: items that the patch names stand in its order, the others in the
 * order they had, and the two are shuffled together by where both stood before.
 *
 * @param key the merge key, empty for a list of primitives
 */
record ElementOrder(Map<Json, Integer> wanted, Map<Json, Integer> before, String key) {
    ElementOrder(String key, List<Json> wanted, List<Json> before) {
        this(places(key, wanted), places(key, before), key);
    }

    private static Map<Json, Integer> places(String key, List<Json> items) {
        var places = new HashMap<Json, Integer>();
        for (var item : items) {
            places.putIfAbsent(name(key, item), places.size());
        }
        return places;
    }

    private static Json name(String key, Json item) {
        return key.isEmpty() ? item : item.at(key).orElse(Json.Null.VALUE);
    }

    List<Json> of(List<Json> items) {
        var named = new ArrayList<Json>();
        var others = new ArrayList<Json>();
        for (var item : items) {
            (wanted.containsKey(name(key, item)) ? named : others).add(item);
        }
        named.sort((a, b) -> Integer.compare(place(wanted, a), place(wanted, b)));
        others.sort((a, b) -> Integer.compare(place(before, a), place(before, b)));
        return shuffled(others, named);
    }

    private int place(Map<Json, Integer> places, Json item) {
        return places.getOrDefault(name(key, item), Integer.MAX_VALUE);
    }

    private List<Json> shuffled(List<Json> others, List<Json> named) {
        var all = new ArrayList<Json>();
        int o = 0;
        int n = 0;
        while (o < others.size() && n < named.size()) {
            all.add(stoodBefore(others.get(o), named.get(n)) ? others.get(o++) : named.get(n++));
        }
        all.addAll(others.subList(o, others.size()));
        all.addAll(named.subList(n, named.size()));
        return all;
    }

    private boolean stoodBefore(Json other, Json named) {
        return before.containsKey(name(key, other))
                && before.containsKey(name(key, named))
                && place(before, other) < place(before, named);
    }
}
