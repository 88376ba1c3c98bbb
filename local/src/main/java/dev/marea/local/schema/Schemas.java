package dev.marea.local.schema;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Every kind that the one-machine API serves, and the OpenAPI documents about them. */
public final class Schemas {
    private final Map<Resource, Kind> kinds = new LinkedHashMap<>();

    /** Built when first asked for: they are large, and few clients read them. */
    private final Map<String, Json.Obj> documents = new ConcurrentHashMap<>();

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

    /** The document at /openapi/v2, about all kinds. */
    public Json.Obj openApiV2() {
        return documents.computeIfAbsent("", _ -> OpenApi.document(OpenApi.Version.V2, kinds()));
    }

    /** The index at /openapi/v3; the hashes let clients keep what they have read. */
    public Json.Obj openApiV3() {
        var paths = new TreeMap<String, Json>();
        kinds.keySet().stream()
                .map(Schemas::path)
                .distinct()
                .forEach(path -> paths.put(path, Json.Obj.of("serverRelativeURL", url(path))));
        return Json.Obj.of("paths", paths);
    }

    /** The document at /openapi/v3/{path}; the path is {@code api/v1} or {@code apis/apps/v1}. */
    public Optional<Json.Obj> openApiV3(String path) {
        var about = kinds().stream().filter(kind -> path(kind.resource()).equals(path)).toList();
        return about.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        documents.computeIfAbsent(
                                path, _ -> OpenApi.document(OpenApi.Version.V3, about)));
    }

    private static String path(Resource resource) {
        return (resource.group().isEmpty() ? "api/" : "apis/") + resource.apiVersion();
    }

    private String url(String path) {
        var document = openApiV3(path).orElse(Json.Obj.EMPTY);
        return "/openapi/v3/" + path + "?hash=" + hash(JsonWriter.bytes(document));
    }

    private static String hash(byte[] bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
