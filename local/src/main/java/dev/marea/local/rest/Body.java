package dev.marea.local.rest;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads what a client sends: JSON, YAML, or protobuf from kubectl's typed commands. */
final class Body {
    private Body() {}

    static String mediaType(Request request) {
        return request.header("content-type")
                .orElse("application/json")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    static Json.Obj object(Request request) throws Refusal {
        if (read(request) instanceof Json.Obj object) {
            return object;
        }
        throw Refusal.badRequest("the body must be one object");
    }

    /** As {@link #object}, and no body is an empty object. */
    static Json.Obj optional(Request request) throws Refusal {
        return request.body().length == 0 ? Json.Obj.EMPTY : object(request);
    }

    static Json read(Request request) throws Refusal {
        var bytes = request.body();
        if (bytes.length == 0) {
            throw Refusal.badRequest("the request has no body");
        }
        if (Protobuf.is(bytes)) {
            return Protobuf.read(bytes);
        }
        try {
            var type = mediaType(request);
            boolean yaml = type.endsWith("yaml") && bytes[0] != '{';
            return yaml ? yaml(bytes) : JsonReader.read(bytes);
        } catch (MalformedJson bad) {
            throw Refusal.badRequest("error decoding the body: " + bad.getMessage());
        }
    }

    private static Json yaml(byte[] utf8) throws MalformedJson, Refusal {
        var documents = Yaml.read(new String(utf8, StandardCharsets.UTF_8));
        if (documents.size() != 1) {
            throw Refusal.badRequest("the body must be one YAML document, was " + documents.size());
        }
        return documents.getFirst();
    }
}
