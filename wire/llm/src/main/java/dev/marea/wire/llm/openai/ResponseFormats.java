package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import java.util.Optional;

/** {@code response_format} (OpenAI's) and {@code structured_outputs} (vLLM's) as one choice. */
final class ResponseFormats {
    private static final int NAME_CHARS_MAX = 256;
    private static final int PATTERN_CHARS_MAX = 10_000;
    private static final int GRAMMAR_CHARS_MAX = 256 << 10;
    private static final int CHOICES_MAX = 10_000;

    private ResponseFormats() {}

    static ResponseFormat read(Fields fields) throws InvalidRequest {
        var format = fields.object("response_format");
        var structured = fields.object("structured_outputs");
        var own = structured.isEmpty() ? Optional.<ResponseFormat>empty() : vllm(structured.get());
        if (own.isPresent()) {
            return own.get();
        }
        return format.isEmpty() ? new ResponseFormat.Text() : openai(format.get());
    }

    private static ResponseFormat openai(Fields format) throws InvalidRequest {
        var type = format.requiredText("type", NAME_CHARS_MAX);
        return switch (type) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> {
                var schema = format.requiredObject("json_schema");
                yield new ResponseFormat.JsonSchema(
                        schema.text("name", NAME_CHARS_MAX).orElse("answer"),
                        schema.required("schema"),
                        schema.flag("strict", false));
            }
            default ->
                    throw new InvalidRequest(
                            format.path("type"),
                            "%s is '%s'; text, json_object and json_schema are served"
                                    .formatted(format.path("type"), type));
        };
    }

    private static Optional<ResponseFormat> vllm(Fields fields) throws InvalidRequest {
        var json = fields.value("json");
        if (json.isPresent()) {
            return Optional.of(schema(json.get(), fields.path("json")));
        }
        if (fields.flag("json_object", false)) {
            return Optional.of(new ResponseFormat.JsonObject());
        }
        var regex = fields.text("regex", PATTERN_CHARS_MAX);
        if (regex.isPresent()) {
            return regex.map(ResponseFormat.Regex::new);
        }
        if (fields.has("choice")) {
            var texts = fields.texts("choice", CHOICES_MAX, PATTERN_CHARS_MAX);
            if (texts.isEmpty()) {
                throw new InvalidRequest(
                        fields.path("choice"), fields.path("choice") + " must not be empty");
            }
            return Optional.of(new ResponseFormat.Choice(texts));
        }
        return fields.text("grammar", GRAMMAR_CHARS_MAX).map(ResponseFormat.Grammar::new);
    }

    /** vLLM takes a schema as an object, or as the text of one. */
    private static ResponseFormat schema(Json json, String path) throws InvalidRequest {
        if (!(json instanceof Json.Str(var text))) {
            return new ResponseFormat.JsonSchema("answer", json, true);
        }
        try {
            return new ResponseFormat.JsonSchema(
                    "answer", dev.marea.wire.json.JsonReader.read(text), true);
        } catch (dev.marea.wire.json.JsonReader.MalformedJson bad) {
            throw new InvalidRequest(path, path + " is no JSON schema: " + bad.getMessage());
        }
    }
}
