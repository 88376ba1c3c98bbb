package dev.marea.local.api;

import dev.marea.local.objects.Resource;
import dev.marea.local.schema.Kind;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that the API knows about a kind besides its objects.
 *
 * @param status true if status has a subresource of its own and can be written only there
 * @param crd the definition that brought it, empty for built-in kinds
 */
public record ServedKind(
        Resource resource,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean status,
        Optional<Scale> scale,
        Optional<Json.Obj> crd,
        Kind schema) {
    private static final List<String> ALL_VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "update",
                    "watch");
    private static final List<String> READ_VERBS = List.of("get", "list", "watch");

    public ServedKind {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
    }

    /** Where a kind keeps the three facts that {@code autoscaling/v1 Scale} shows. */
    public record Scale(String specPath, String statusPath, Optional<String> selectorPath) {}

    /** Definitions are fixed on one machine; everything else may be written. */
    public List<String> verbs() {
        return resource.equals(Resource.CRD) ? READ_VERBS : ALL_VERBS;
    }

    public boolean writable() {
        return !resource.equals(Resource.CRD);
    }

    /** The spec subtree and its like raise the generation; kinds without one have none. */
    boolean counted() {
        return crd.isPresent() || COUNTED.contains(resource);
    }

    private static final Set<Resource> COUNTED =
            Set.of(
                    Resource.DEPLOYMENT,
                    Resource.REPLICA_SET,
                    Resource.POD,
                    Resource.ENDPOINT_SLICE);

    /** The version entry of its definition that this kind is. */
    public Optional<Json.Obj> crdVersion() {
        return crd.flatMap(definition ->
                definition.list("spec", "versions").stream()
                        .filter(v -> v.text("name").filter(resource.version()::equals).isPresent())
                        .map(v -> (Json.Obj) v)
                        .findFirst());
    }
}
