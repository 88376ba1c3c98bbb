package dev.marea.local.api;

import dev.marea.local.objects.Resource;
import dev.marea.local.schema.Kind;
import dev.marea.local.schema.Schemas;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fixed set of kinds: Kubernetes' own that one machine needs, and those of the definitions. */
public final class Catalog {
    private static final ServedKind.Scale REPLICAS =
            new ServedKind.Scale(
                    ".spec.replicas", ".status.replicas", Optional.of(".spec.selector"));

    private final List<ServedKind> kinds;
    private final List<Json.Obj> definitions;
    private final Schemas schemas;
    private final Map<String, ServedKind> byPath = new LinkedHashMap<>();
    private final Map<String, ServedKind> byName = new LinkedHashMap<>();

    private Catalog(List<ServedKind> kinds, List<Json.Obj> definitions, Schemas schemas) {
        this.schemas = schemas;
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
        var schemas = Schemas.of(definitions);
        var kinds = new ArrayList<ServedKind>();
        BUILT_IN.forEach(kind -> kinds.add(kind.served(schemas)));
        definitions.forEach(definition -> kinds.add(defined(definition, schemas)));
        return new Catalog(kinds, definitions, schemas);
    }

    /** A kind of Kubernetes' own, with the names that kubectl's users know. */
    private record BuiltInKind(
            Resource resource, boolean status, boolean inAll, List<String> shortNames) {
        ServedKind served(Schemas schemas) {
            return new ServedKind(
                    resource,
                    resource.kind().toLowerCase(Locale.ROOT),
                    shortNames,
                    categories(),
                    status,
                    SCALED.contains(resource) ? Optional.of(REPLICAS) : Optional.empty(),
                    Optional.empty(),
                    schema(schemas, resource));
        }

        private List<String> categories() {
            if (resource.equals(Resource.CRD)) {
                return List.of("api-extensions");
            }
            return inAll ? List.of("all") : List.of();
        }
    }

    private static final Set<Resource> SCALED = Set.of(Resource.DEPLOYMENT, Resource.REPLICA_SET);

    private static Kind schema(Schemas schemas, Resource resource) {
        return schemas.of(resource)
                .orElseThrow(() -> new IllegalStateException("no schema for " + resource));
    }

    private static final List<BuiltInKind> BUILT_IN =
            List.of(
                    builtIn(Resource.NAMESPACE, true, "ns"),
                    builtIn(Resource.CONFIG_MAP, false, "cm"),
                    builtIn(Resource.EVENT, false, "ev"),
                    builtIn(Resource.NODE, true, "no"),
                    builtIn(Resource.PVC, true, "pvc"),
                    inAll(Resource.POD, "po"),
                    builtIn(Resource.SECRET, false),
                    builtIn(Resource.SERVICE_ACCOUNT, false, "sa"),
                    inAll(Resource.SERVICE, "svc"),
                    inAll(Resource.DEPLOYMENT, "deploy"),
                    inAll(Resource.REPLICA_SET, "rs"),
                    builtIn(Resource.CONTROLLER_REVISION, false),
                    builtIn(Resource.ENDPOINT_SLICE, false),
                    builtIn(Resource.LEASE, false),
                    builtIn(Resource.CRD, false, "crd", "crds"));

    private static BuiltInKind builtIn(Resource resource, boolean status, String... shortNames) {
        return new BuiltInKind(resource, status, false, List.of(shortNames));
    }

    private static BuiltInKind inAll(Resource resource, String... shortNames) {
        return new BuiltInKind(resource, true, true, List.of(shortNames));
    }

    private static ServedKind defined(Json.Obj definition, Schemas schemas) {
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
        return new ServedKind(
                resource,
                names.text("singular").orElse(kind.toLowerCase(Locale.ROOT)),
                texts(names.list("shortNames")),
                texts(names.list("categories")),
                version.at("subresources", "status").isPresent(),
                version.at("subresources", "scale").map(Catalog::scale),
                Optional.of(definition),
                schema(schemas, resource));
    }

    private static IllegalArgumentException incomplete(Json.Obj definition, String what) {
        return new IllegalArgumentException(
                "the definition %s lacks %s"
                        .formatted(definition.text("metadata", "name").orElse("?"), what));
    }

    private static ServedKind.Scale scale(Json scale) {
        return new ServedKind.Scale(
                scale.text("specReplicasPath").orElse(".spec.replicas"),
                scale.text("statusReplicasPath").orElse(".status.replicas"),
                scale.text("labelSelectorPath"));
    }

    private static List<String> texts(List<Json> items) {
        return items.stream().flatMap(item -> item.text().stream()).toList();
    }

    public List<ServedKind> kinds() {
        return kinds;
    }

    public List<Json.Obj> definitions() {
        return definitions;
    }

    public Schemas schemas() {
        return schemas;
    }

    public List<Resource> resources() {
        return kinds.stream().map(ServedKind::resource).toList();
    }

    public Optional<ServedKind> byPath(String apiVersion, String plural) {
        return Optional.ofNullable(byPath.get(apiVersion + "/" + plural));
    }

    public Optional<ServedKind> byName(String apiVersion, String kind) {
        return Optional.ofNullable(byName.get(apiVersion + "/" + kind));
    }

    public ServedKind of(Resource resource) {
        return byPath(resource.apiVersion(), resource.plural())
                .orElseThrow(
                        () -> new IllegalArgumentException(resource + " is no kind of this API"));
    }
}
