package dev.marea.local.discovery;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;

/** One resource as discovery tells it, with its subresources. */
public record Offer(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        boolean namespaced,
        List<String> verbs,
        List<String> shortNames,
        List<String> categories,
        List<Sub> subresources) {
    public Offer {
        verbs = List.copyOf(verbs);
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        subresources = List.copyOf(subresources);
    }

    /** A subresource; its kind may be of another group, as {@code autoscaling/v1 Scale} is. */
    public record Sub(String name, String group, String version, String kind, List<String> verbs) {
        public Sub {
            verbs = List.copyOf(verbs);
        }
    }

    String groupVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The entries of an APIResourceList: itself, then its subresources. */
    List<Json.Obj> listed() {
        var entries = new ArrayList<Json.Obj>();
        var own =
                Json.Obj.of(
                        "name", plural,
                        "singularName", singular,
                        "namespaced", namespaced,
                        "kind", kind,
                        "verbs", verbs);
        own = shortNames.isEmpty() ? own : own.with("shortNames", Json.of(shortNames));
        entries.add(categories.isEmpty() ? own : own.with("categories", Json.of(categories)));
        for (var sub : subresources) {
            var entry =
                    Json.Obj.of(
                            "name",
                            plural + "/" + sub.name(),
                            "singularName",
                            "",
                            "namespaced",
                            namespaced);
            if (!sub.group().equals(group) || !sub.version().equals(version)) {
                entry =
                        entry.with("group", Json.of(sub.group()))
                                .with("version", Json.of(sub.version()));
            }
            entries.add(
                    entry.with("kind", Json.of(sub.kind())).with("verbs", Json.of(sub.verbs())));
        }
        return entries;
    }

    Json.Obj aggregated() {
        var own =
                Json.Obj.of(
                        "resource", plural,
                        "responseKind", responseKind(group, version, kind),
                        "scope", namespaced ? "Namespaced" : "Cluster",
                        "singularResource", singular,
                        "verbs", verbs);
        own = shortNames.isEmpty() ? own : own.with("shortNames", Json.of(shortNames));
        own = categories.isEmpty() ? own : own.with("categories", Json.of(categories));
        if (subresources.isEmpty()) {
            return own;
        }
        var subs =
                subresources.stream()
                        .map(sub ->
                                Json.Obj.of(
                                        "subresource",
                                        sub.name(),
                                        "responseKind",
                                        responseKind(sub.group(), sub.version(), sub.kind()),
                                        "verbs",
                                        sub.verbs()))
                        .toList();
        return own.with("subresources", Json.of(subs));
    }

    private static Json.Obj responseKind(String group, String version, String kind) {
        return Json.Obj.of("group", group, "version", version, "kind", kind);
    }
}
