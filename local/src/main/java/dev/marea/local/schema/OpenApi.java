package dev.marea.local.schema;

import dev.marea.local.objects.Resource;
import dev.marea.local.schema.Schema.Facts;
import dev.marea.local.schema.Schema.ListMerge;
import dev.marea.local.schema.Schema.Strategy;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * One OpenAPI document about some kinds: what kubectl reads for explain, for dry runs and for the
 * keys of strategic patches.
 */
final class OpenApi {
    private static final List<String> WRITE_PARAMETERS =
            List.of("dryRun", "fieldManager", "fieldValidation");

    /** Version 2 names and places things differently. */
    enum Version {
        V2("#/definitions/"),
        V3("#/components/schemas/");

        private final String refs;

        Version(String refs) {
            this.refs = refs;
        }
    }

    private final Version version;
    private final SequencedMap<String, Json> definitions = new TreeMap<>();
    private final Map<String, Json> paths = new TreeMap<>();

    private OpenApi(Version version) {
        this.version = version;
    }

    static Json.Obj document(Version version, List<Kind> kinds) {
        var document = new OpenApi(version);
        kinds.forEach(document::add);
        return document.built();
    }

    private Json.Obj built() {
        var info = Json.Obj.of("title", "Marea", "version", "v1.32.0");
        return switch (version) {
            case V2 ->
                    Json.Obj.of(
                            "swagger",
                            "2.0",
                            "info",
                            info,
                            "paths",
                            paths,
                            "definitions",
                            definitions);
            case V3 ->
                    Json.Obj.of(
                            "openapi",
                            "3.0.0",
                            "info",
                            info,
                            "paths",
                            paths,
                            "components",
                            Json.Obj.of("schemas", definitions));
        };
    }

    private void add(Kind kind) {
        var resource = kind.resource();
        var name = define(kind.schema());
        if (definitions.get(name) instanceof Json.Obj definition) {
            var withKind =
                    definition.with(
                            "x-kubernetes-group-version-kind", Json.of(List.of(gvk(resource))));
            definitions.put(name, withKind);
        }
        var root = resource.group().isEmpty() ? "/api/" : "/apis/";
        var all = root + resource.apiVersion() + "/" + resource.plural();
        var base =
                resource.namespaced()
                        ? root
                                + resource.apiVersion()
                                + "/namespaces/{namespace}/"
                                + resource.plural()
                        : all;
        var list = operation(resource, name, "list", false, kind.builtIn());
        if (resource.namespaced()) {
            paths.put(all, Json.Obj.of("get", list));
        }
        paths.put(
                base,
                Json.Obj.of(
                        "get",
                        list,
                        "post",
                        operation(resource, name, "post", true, kind.builtIn())));
        var one = new LinkedHashMap<String, Json>();
        for (var verb : List.of("get", "put", "patch", "delete")) {
            one.put(verb, operation(resource, name, verb, !verb.equals("get"), kind.builtIn()));
        }
        paths.put(base + "/{name}", new Json.Obj(one));
    }

    private static Json.Obj gvk(Resource resource) {
        return Json.Obj.of(
                "group", resource.group(), "kind", resource.kind(), "version", resource.version());
    }

    private Json.Obj operation(
            Resource resource, String name, String action, boolean writes, boolean builtIn) {
        var operation = new LinkedHashMap<String, Json>();
        operation.put("x-kubernetes-action", Json.of(action));
        operation.put("x-kubernetes-group-version-kind", gvk(resource));
        if (writes) {
            var names = new ArrayList<>(WRITE_PARAMETERS);
            if (action.equals("patch")) {
                names.add("force");
            }
            operation.put("parameters", Json.of(names.stream().map(this::parameter).toList()));
        }
        if (action.equals("patch")) {
            describePatch(operation, builtIn);
        }
        var answer = ref(name);
        operation.put(
                "responses",
                Json.Obj.of(
                        "200",
                        switch (version) {
                            case V2 -> Json.Obj.of("description", "OK", "schema", answer);
                            case V3 ->
                                    Json.Obj.of(
                                            "description",
                                            "OK",
                                            "content",
                                            Json.Obj.of(
                                                    "application/json",
                                                    Json.Obj.of("schema", answer)));
                        }));
        return new Json.Obj(operation);
    }

    private void describePatch(Map<String, Json> operation, boolean builtIn) {
        var types =
                new ArrayList<>(
                        List.of(
                                "application/apply-patch+yaml",
                                "application/json-patch+json",
                                "application/merge-patch+json"));
        if (builtIn) {
            types.add("application/strategic-merge-patch+json");
        }
        var any = Json.Obj.of("schema", Json.Obj.of("type", "object"));
        var content = new LinkedHashMap<String, Json>();
        types.forEach(type -> content.put(type, any));
        switch (version) {
            case V2 -> operation.put("consumes", Json.of(types));
            case V3 -> operation.put("requestBody", Json.Obj.of("content", content));
        }
    }

    private Json parameter(String name) {
        var type = name.equals("force") ? "boolean" : "string";
        return switch (version) {
            case V2 -> Json.Obj.of("name", name, "in", "query", "type", type);
            case V3 ->
                    Json.Obj.of("name", name, "in", "query", "schema", Json.Obj.of("type", type));
        };
    }

    private Json.Obj ref(String name) {
        return Json.Obj.of("$ref", version.refs + name);
    }

    private String define(Schema.Struct struct) {
        if (!definitions.containsKey(struct.name())) {
            definitions.put(struct.name(), Json.Obj.EMPTY);
            var about =
                    struct.about().isEmpty()
                            ? Json.Obj.EMPTY
                            : Json.Obj.of("description", struct.about());
            definitions.put(struct.name(), joined(about, struct(struct)));
        }
        return struct.name();
    }

    private Json.Obj schema(Schema schema) {
        var words = described(schema.facts());
        if (schema instanceof Schema.Struct struct && !struct.name().isEmpty()) {
            var reference = ref(define(struct));
            return switch (version) {
                case V2 -> joined(reference, words);
                case V3 -> joined(Json.Obj.of("allOf", List.of(reference)), words);
            };
        }
        return inPlace(schema);
    }

    private Json.Obj inPlace(Schema schema) {
        var words = described(schema.facts());
        return joined(
                words,
                switch (schema) {
                    case Schema.Struct struct -> struct(struct);
                    case Schema.Dict dict ->
                            atomic(
                                    Json.Obj.of(
                                            "type",
                                            "object",
                                            "additionalProperties",
                                            schema(dict.values())),
                                    dict.atomic());
                    case Schema.Items items -> list(items);
                    case Schema.Scalar scalar -> scalar(scalar);
                    case Schema.Free _ -> Json.Obj.of("x-kubernetes-preserve-unknown-fields", true);
                });
    }

    private static Json.Obj atomic(Json.Obj schema, boolean atomic) {
        return atomic ? schema.with("x-kubernetes-map-type", Json.of("atomic")) : schema;
    }

    private Json.Obj struct(Schema.Struct struct) {
        var properties = new LinkedHashMap<String, Json>();
        struct.fields().forEach((name, field) -> properties.put(name, schema(field)));
        var built = Json.Obj.of("type", "object");
        if (!properties.isEmpty()) {
            built = built.with("properties", new Json.Obj(properties));
        }
        if (!struct.required().isEmpty()) {
            built = built.with("required", Json.of(struct.required().stream().sorted().toList()));
        }
        if (struct.keepsUnknown()) {
            built = built.with("x-kubernetes-preserve-unknown-fields", Json.of(true));
        }
        return atomic(built, struct.atomic());
    }

    private Json.Obj list(Schema.Items items) {
        var list = Json.Obj.of("type", "array", "items", schema(items.element()));
        return switch (items.merge()) {
            case ListMerge.Atomic() -> list.with("x-kubernetes-list-type", Json.of("atomic"));
            case ListMerge.ValueSet() -> list.with("x-kubernetes-list-type", Json.of("set"));
            case ListMerge.ByKeys(var keys) ->
                    list.with("x-kubernetes-list-type", Json.of("map"))
                            .with("x-kubernetes-list-map-keys", Json.of(keys));
        };
    }

    private Json.Obj scalar(Schema.Scalar scalar) {
        var format = scalar.facts().limits().format();
        var built =
                switch (scalar.type()) {
                    case STRING, QUANTITY -> Json.Obj.of("type", "string");
                    case INTEGER -> Json.Obj.of("type", "integer");
                    case NUMBER -> Json.Obj.of("type", "number");
                    case BOOLEAN -> Json.Obj.of("type", "boolean");
                    case INT_OR_STRING -> intOrString();
                };
        return format.isEmpty() ? built : built.with("format", Json.of(format));
    }

    private Json.Obj intOrString() {
        return switch (version) {
            case V2 -> Json.Obj.of("type", "string", "format", "int-or-string");
            case V3 ->
                    Json.Obj.of(
                            "format",
                            "int-or-string",
                            "oneOf",
                            List.of(Json.Obj.of("type", "integer"), Json.Obj.of("type", "string")));
        };
    }

    private static Json.Obj described(Facts facts) {
        var words = new LinkedHashMap<String, Json>();
        if (!facts.description().isEmpty()) {
            words.put("description", Json.of(facts.description()));
        }
        facts.fallback().ifPresent(value -> words.put("default", value));
        if (!facts.limits().allowed().isEmpty()) {
            words.put("enum", new Json.Arr(facts.limits().allowed()));
        }
        var strategy = facts.strategy();
        if (!strategy.equals(Strategy.NONE)) {
            words.put("x-kubernetes-patch-strategy", Json.of(named(strategy)));
        }
        if (!strategy.mergeKey().isEmpty()) {
            words.put("x-kubernetes-patch-merge-key", Json.of(strategy.mergeKey()));
        }
        return new Json.Obj(words);
    }

    private static String named(Strategy strategy) {
        if (strategy.merge()) {
            return strategy.retainKeys() ? "merge,retainKeys" : "merge";
        }
        return "retainKeys";
    }

    private static Json.Obj joined(Json.Obj first, Json.Obj second) {
        var all = new LinkedHashMap<>(first.fields());
        all.putAll(second.fields());
        return new Json.Obj(all);
    }
}
