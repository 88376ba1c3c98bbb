package dev.marea.local.discovery;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Groups, versions and resources, in the old form (one document a level) and the aggregated one.
 */
public final class Discovery {
    /** The media type of the aggregated form, which kubectl asks for first. */
    public static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final Map<String, List<Offer>> byGroupVersion = new LinkedHashMap<>();

    public Discovery(List<Offer> offers) {
        for (var offer : offers) {
            byGroupVersion.computeIfAbsent(offer.groupVersion(), _ -> new ArrayList<>()).add(offer);
        }
    }

    /** At {@code /api}. */
    public Json.Obj coreVersions() {
        return Json.Obj.of("kind", "APIVersions", "versions", List.of("v1"));
    }

    /** At {@code /apis}. */
    public Json.Obj groups() {
        var groups = groupNames().stream().filter(g -> !g.isEmpty()).map(this::groupBody).toList();
        return Json.Obj.of("kind", "APIGroupList", "apiVersion", "v1", "groups", groups);
    }

    /** At {@code /apis/GROUP}. */
    public Optional<Json.Obj> group(String name) {
        return groupNames().contains(name) && !name.isEmpty()
                ? Optional.of(
                        Json.Obj.of("kind", "APIGroup", "apiVersion", "v1")
                                .with("name", Json.of(name))
                                .with("versions", Json.of(versionsOf(name)))
                                .with("preferredVersion", versionsOf(name).getFirst()))
                : Optional.empty();
    }

    private Json.Obj groupBody(String name) {
        return Json.Obj.of(
                "name",
                name,
                "versions",
                versionsOf(name),
                "preferredVersion",
                versionsOf(name).getFirst());
    }

    private Set<String> groupNames() {
        var names = new LinkedHashSet<String>();
        byGroupVersion.values().forEach(offers -> names.add(offers.getFirst().group()));
        return names;
    }

    private List<Json.Obj> versionsOf(String group) {
        return byGroupVersion.values().stream()
                .map(List::getFirst)
                .filter(first -> first.group().equals(group))
                .map(first ->
                        Json.Obj.of(
                                "groupVersion", first.groupVersion(), "version", first.version()))
                .toList();
    }

    /** At {@code /api/v1} and {@code /apis/GROUP/VERSION}. */
    public Optional<Json.Obj> resources(String groupVersion) {
        return Optional.ofNullable(byGroupVersion.get(groupVersion))
                .map(offers ->
                        Json.Obj.of(
                                "kind",
                                "APIResourceList",
                                "apiVersion",
                                "v1",
                                "groupVersion",
                                groupVersion,
                                "resources",
                                offers.stream().flatMap(o -> o.listed().stream()).toList()));
    }

    /** At {@code /api} and {@code /apis} for those who accept it. */
    public Json.Obj aggregated(boolean core) {
        var items = new ArrayList<Json>();
        for (var group : groupNames()) {
            if (group.isEmpty() == core) {
                items.add(
                        Json.Obj.of(
                                "metadata",
                                group.isEmpty() ? Json.Obj.EMPTY : Json.Obj.of("name", group),
                                "versions",
                                aggregatedVersions(group)));
            }
        }
        return Json.Obj.of(
                "kind",
                "APIGroupDiscoveryList",
                "apiVersion",
                "apidiscovery.k8s.io/v2",
                "metadata",
                Json.Obj.EMPTY,
                "items",
                items);
    }

    private List<Json.Obj> aggregatedVersions(String group) {
        return byGroupVersion.values().stream()
                .filter(offers -> offers.getFirst().group().equals(group))
                .map(offers ->
                        Json.Obj.of(
                                "version",
                                offers.getFirst().version(),
                                "resources",
                                offers.stream().map(Offer::aggregated).toList(),
                                "freshness",
                                "Current"))
                .toList();
    }
}
