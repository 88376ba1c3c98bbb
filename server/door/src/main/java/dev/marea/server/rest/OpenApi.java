package dev.marea.server.rest;

import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The API's description for tools (OpenAPI 3.1), with the tensors of the models in memory. */
final class OpenApi {
    private static final int MODELS_MAX = 20;
    private static final Json TEXT = Json.Obj.of("type", "string");

    private OpenApi() {}

    static Json of(Models models) {
        var schemas = new LinkedHashMap<String, Json>();
        schemas.put(
                "Error", Json.Obj.of("type", "object", "properties", Json.Obj.of("error", TEXT)));
        for (var name : models.names().stream().limit(MODELS_MAX).toList()) {
            metadata(models, name).ifPresent(facts -> schemas.put(schema(name), infer(facts)));
        }
        return Json.Obj.of(
                "openapi", "3.1.0",
                "info",
                        Json.Obj.of(
                                "title", "Marea model server",
                                "version", "0.1.0",
                                "description", "KServe's V1 and V2 protocols over HTTP."),
                "paths", paths(schemas),
                "components", Json.Obj.of("schemas", schemas));
    }

    /** Empty where the model was never in memory: a page about it does not load it. */
    static Optional<ModelMetadata> metadata(Models models, String name) {
        try {
            return models.metadataKnown(name);
        } catch (Refused _) {
            return Optional.empty();
        }
    }

    /** Component names take only some characters. */
    private static String schema(String model) {
        return "Infer." + model.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private static Json paths(Map<String, Json> schemas) {
        var paths = new LinkedHashMap<String, Json>();
        for (var endpoint : Endpoint.values()) {
            for (var path : endpoint.paths()) {
                paths.put(
                        path,
                        Json.Obj.of(
                                endpoint.isPost() ? "post" : "get",
                                operation(endpoint, path, schemas)));
            }
        }
        return Json.of(paths);
    }

    private static Json operation(Endpoint endpoint, String path, Map<String, Json> schemas) {
        boolean versioned = path.contains("{version}");
        var operation =
                Json.Obj.of(
                        "operationId",
                        endpoint.name().toLowerCase(Locale.ROOT) + (versioned ? "_of_version" : ""),
                        "summary",
                        endpoint.summary());
        var parameters = parameters(path, versioned);
        if (!parameters.isEmpty()) {
            operation = operation.with("parameters", Json.of(parameters));
        }
        if (endpoint.isPost()) {
            operation = operation.with("requestBody", content(request(endpoint, schemas)));
        }
        return operation.with(
                "responses",
                Json.Obj.of(
                        "200", Json.Obj.of("description", "The answer."),
                        "default",
                                content(reference("Error"))
                                        .with("description", Json.of("What is wrong."))));
    }

    private static List<Json> parameters(String path, boolean versioned) {
        if (!path.contains("{model}")) {
            return List.of();
        }
        return versioned
                ? List.of(parameter("model"), parameter("version"))
                : List.of(parameter("model"));
    }

    private static Json parameter(String name) {
        return Json.Obj.of("name", name, "in", "path", "required", true, "schema", TEXT);
    }

    private static Json.Obj content(Json schema) {
        return Json.Obj.of(
                "content", Json.Obj.of("application/json", Json.Obj.of("schema", schema)));
    }

    private static Json reference(String schema) {
        return Json.Obj.of("$ref", "#/components/schemas/" + schema);
    }

    private static Json request(Endpoint endpoint, Map<String, Json> schemas) {
        boolean infers = endpoint == Endpoint.V2_INFER || endpoint == Endpoint.V2_INFER_STREAM;
        var known = schemas.keySet().stream().filter(name -> name.startsWith("Infer.")).toList();
        if (infers && !known.isEmpty()) {
            return Json.Obj.of("oneOf", known.stream().map(OpenApi::reference).toList());
        }
        if (endpoint.isV1()) {
            return Json.Obj.of(
                    "type",
                    "object",
                    "properties",
                    Json.Obj.of(
                            "instances",
                            Json.Obj.of("type", "array"),
                            "inputs",
                            Json.Obj.EMPTY,
                            "signature_name",
                            TEXT));
        }
        return Json.Obj.of("type", "object");
    }

    /** What a V2 request to this model looks like. */
    private static Json infer(ModelMetadata facts) {
        return Json.Obj.of(
                "type", "object",
                "required", List.of("inputs"),
                "properties",
                        Json.Obj.of(
                                "id", TEXT,
                                "parameters", Json.Obj.of("type", "object"),
                                "inputs",
                                        Json.Obj.of(
                                                "type",
                                                "array",
                                                "items",
                                                Json.Obj.of(
                                                        "oneOf",
                                                        facts.inputs().stream()
                                                                .map(OpenApi::input)
                                                                .toList())),
                                "outputs",
                                        Json.Obj.of(
                                                "type",
                                                "array",
                                                "items",
                                                Json.Obj.of(
                                                        "type",
                                                        "object",
                                                        "properties",
                                                        Json.Obj.of(
                                                                "name", names(facts.outputs()))))));
    }

    private static Json names(List<TensorSpec> specs) {
        return Json.Obj.of("enum", specs.stream().map(TensorSpec::name).toList());
    }

    private static Json input(TensorSpec spec) {
        return Json.Obj.of(
                "type",
                "object",
                "required",
                List.of("name", "shape", "datatype"),
                "description",
                "shape " + spec.shape() + ", where -1 may have any size",
                "properties",
                Json.Obj.of(
                        "name", Json.Obj.of("const", spec.name()),
                        "datatype", Json.Obj.of("enum", datatypes(spec)),
                        "shape",
                                Json.Obj.of(
                                        "type", "array", "items", Json.Obj.of("type", "integer")),
                        "data", Json.Obj.of("type", "array"),
                        "parameters", Json.Obj.of("type", "object")));
    }

    /** Its own first. */
    private static List<String> datatypes(TensorSpec spec) {
        return spec.datatype() == Datatype.FP64
                ? List.of("FP64", "FP32", "INT64", "INT32")
                : List.of(spec.datatype().name());
    }
}
