package dev.marea.local.api;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fixed set of kinds: Kubernetes' own that one machine needs, and those of the definitions. */
public final class Catalog {
    private static final Kind.Scale REPLICAS =
            new Kind.Scale(".spec.replicas", ".status.replicas", Optional.of(".spec.selector"));

    private final List<Kind> kinds;
    private final List<Json.Obj> definitions;
    private final Map<String, Kind> byPath = new LinkedHashMap<>();
    private final Map<String, Kind> byName = new LinkedHashMap<>();

    private Catalog(List<Kind> kinds, List<Json.Obj> definitions) {
        this.kinds = List.copyOf(kinds);
        this.definitions = List.copyOf(definitions);
        for (var kind : kinds) {
            var resource = kind.resource();
            byPath.put(resource.apiVersion() + "/" + resource.plural(), kind);
            byName.put(resource.apiVersion() + "/" + resource.kind(), kind);
        }
    }

    /**
     * @param definitions CustomResourceDefinitions; of each, the storage version is served
     */
    public static Catalog of(List<Json.Obj> definitions) {
        var kinds = new ArrayList<>(BUILT_IN);
        definitions.forEach(definition -> kinds.add(defined(definition)));
        return new Catalog(kinds, definitions);
    }

    private static final List<Kind> BUILT_IN =
            List.of(
                    builtIn(Resource.NAMESPACE, true, "ns"),
                    builtIn(Resource.CONFIG_MAP, false, "cm"),
                    builtIn(Resource.EVENT, false, "ev"),
                    builtIn(Resource.NODE, true, "no"),
                    builtIn(Resource.PVC, true, "pvc"),
                    builtIn(Resource.POD, true, "po"),
                    builtIn(Resource.SECRET, false),
                    builtIn(Resource.SERVICE_ACCOUNT, false, "sa"),
                    builtIn(Resource.SERVICE, true, "svc"),
                    builtIn(Resource.DEPLOYMENT, true, "deploy"),
                    builtIn(Resource.REPLICA_SET, true, "rs"),
                    builtIn(Resource.CONTROLLER_REVISION, false),
                    builtIn(Resource.ENDPOINT_SLICE, false),
                    builtIn(Resource.LEASE, false),
                    builtIn(Resource.CRD, false, "crd", "crds"));

    private static Kind builtIn(Resource resource, boolean status, String... shortNames) {
        boolean inAll =
                List.of(Resource.POD, Resource.SERVICE, Resource.DEPLOYMENT, Resource.REPLICA_SET)
                        .contains(resource);
        boolean scales =
                resource.equals(Resource.DEPLOYMENT) || resource.equals(Resource.REPLICA_SET);
        return new Kind(
                resource,
                resource.kind().toLowerCase(java.util.Locale.ROOT),
                List.of(shortNames),
                inAll
                        ? List.of("all")
                        : resource.equals(Resource.CRD) ? List.of("api-extensions") : List.of(),
                status,
                scales ? Optional.of(REPLICAS) : Optional.empty(),
                Optional.empty());
    }

    private static Kind defined(Json.Obj definition) {
        var names = definition.object("spec", "names");
        var version =
                definition.list("spec", "versions").stream()
                        .filter(v -> v.flag("storage"))
                        .findFirst()
                        .orElseThrow(() -> incomplete(definition, "a storage version"));
        var kind = names.text("kind").orElseThrow(() -> incomplete(definition, "spec.names.kind"));
        var resource =
                new Resource(
                        definition
                                .text("spec", "group")
                                .orElseThrow(() -> incomplete(definition, "spec.group")),
                        version.text("name")
                                .orElseThrow(() -> incomplete(definition, "a version's name")),
                        names.text("plural")
                                .orElseThrow(() -> incomplete(definition, "spec.names.plural")),
                        kind,
                        definition.text("spec", "scope").filter("Namespaced"::equals).isPresent());
        return new Kind(
                resource,
                names.text("singular").orElse(kind.toLowerCase(java.util.Locale.ROOT)),
                texts(names.list("shortNames")),
                texts(names.list("categories")),
                version.at("subresources", "status").isPresent(),
                version.at("subresources", "scale").map(Catalog::scale),
                Optional.of(definition));
    }

    private static IllegalArgumentException incomplete(Json.Obj definition, String what) {
        return new IllegalArgumentException(
                "the definition %s lacks %s"
                        .formatted(definition.text("metadata", "name").orElse("?"), what));
    }

    private static Kind.Scale scale(Json scale) {
        return new Kind.Scale(
                scale.text("specReplicasPath").orElse(".spec.replicas"),
                scale.text("statusReplicasPath").orElse(".status.replicas"),
                scale.text("labelSelectorPath"));
    }

    private static List<String> texts(List<Json> items) {
        return items.stream().flatMap(item -> item.text().stream()).toList();
    }

    public List<Kind> kinds() {
        return kinds;
    }

    public List<Json.Obj> definitions() {
        return definitions;
    }

    public List<Resource> resources() {
        return kinds.stream().map(Kind::resource).toList();
    }

    public Optional<Kind> byPath(String apiVersion, String plural) {
        return Optional.ofNullable(byPath.get(apiVersion + "/" + plural));
    }

    public Optional<Kind> byName(String apiVersion, String kind) {
        return Optional.ofNullable(byName.get(apiVersion + "/" + kind));
    }

    Kind of(Resource resource) {
        return byPath(resource.apiVersion(), resource.plural())
                .orElseThrow(
                        () -> new IllegalArgumentException(resource + " is no kind of this API"));
    }
}
