package dev.marea.local.schema;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every kind that the one-machine API serves, and the OpenAPI documents about them. */
public final class Schemas {
    private final Map<Resource, Kind> kinds = new LinkedHashMap<>();

    private Schemas() {
        BuiltIns.KINDS.forEach(kind -> kinds.put(kind.resource(), kind));
    }

    /** The built-in kinds and those of the given CustomResourceDefinitions, in every version. */
    public static Schemas of(List<Json.Obj> crds) {
        var schemas = new Schemas();
        schemas.add(CustomKinds.definitions());
        for (var crd : crds) {
            CustomKinds.of(crd).forEach(schemas::add);
        }
        return schemas;
    }

    private void add(Kind kind) {
        kinds.put(kind.resource(), kind);
    }

    public List<Kind> kinds() {
        return List.copyOf(kinds.values());
    }

    public Optional<Kind> of(Resource resource) {
        return Optional.ofNullable(kinds.get(resource));
    }

    /** The document at /openapi/v2. */
    public Json.Obj openApiV2() {
        return Json.Obj.EMPTY;
    }

    /** The index at /openapi/v3. */
    public Json.Obj openApiV3() {
        return Json.Obj.EMPTY;
    }

    /** The document at /openapi/v3/{path}; the path is {@code api/v1} or {@code apis/apps/v1}. */
    public Optional<Json.Obj> openApiV3(String path) {
        return Optional.empty();
    }
}
