package dev.marea.server.llama.door;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.grammar.Grammars;
import dev.marea.wire.llm.grammar.UnsupportedSchema;
import dev.marea.wire.llm.openai.ResponseFormat;
import dev.marea.wire.llm.openai.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What an answer must look like, as a grammar; an empty one is none. */
final class Shape {
    private static final Json ANY_OBJECT = Json.Obj.of("type", "object");

    private Shape() {}

    static String of(ResponseFormat format) throws ApiTrouble {
        return switch (format) {
            case ResponseFormat.Text() -> "";
            case ResponseFormat.JsonObject() -> schema(ANY_OBJECT, "response_format");
            case ResponseFormat.JsonSchema(_, var schema, _) ->
                    schema(schema, "response_format.json_schema.schema");
            case ResponseFormat.Choice(var texts) ->
                    "root ::= "
                            + texts.stream().map(Shape::literal).collect(Collectors.joining(" | "));
            case ResponseFormat.Regex _ ->
                    throw ApiTrouble.badRequest(
                            "regular expressions are not served by this engine; use a JSON schema, a choice or a grammar",
                            "structured_outputs.regex");
            case ResponseFormat.Grammar(var gbnf) -> gbnf;
        };
    }

    /** One call of one of these tools, as a JSON object of its name and arguments. */
    static String call(List<Tool> tools) throws ApiTrouble {
        var calls = new ArrayList<Json>();
        for (var tool : tools) {
            calls.add(
                    Json.Obj.of(
                            "type",
                            "object",
                            "properties",
                            Json.Obj.of(
                                    "name",
                                    Json.Obj.of("const", tool.name()),
                                    "arguments",
                                    arguments(tool)),
                            "required",
                            List.of("name", "arguments"),
                            "additionalProperties",
                            false));
        }
        return schema(
                calls.size() == 1 ? calls.getFirst() : Json.Obj.of("anyOf", new Json.Arr(calls)),
                "tools");
    }

    private static Json arguments(Tool tool) {
        return tool.parameters() instanceof Json.Obj schema && !schema.isEmpty()
                ? schema
                : ANY_OBJECT;
    }

    private static String schema(Json schema, String field) throws ApiTrouble {
        try {
            return Grammars.of(schema);
        } catch (UnsupportedSchema unsupported) {
            var path = unsupported.path().isEmpty() ? field : field + "." + unsupported.path();
            throw ApiTrouble.badRequest(path + ": " + unsupported.getMessage(), path);
        }
    }

    private static String literal(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
