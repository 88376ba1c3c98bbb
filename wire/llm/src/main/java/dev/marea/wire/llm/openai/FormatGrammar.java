package dev.marea.wire.llm.openai;

import dev.marea.wire.llm.grammar.CallNotation.Callable;
import dev.marea.wire.llm.grammar.Grammars;
import dev.marea.wire.llm.grammar.UnsupportedSchema;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.tools.ToolFormat;
import dev.marea.wire.llm.tools.ToolGrammar;
import java.util.Optional;

/** The grammar, if any, that a request's answer must follow. */
public final class FormatGrammar {
    private FormatGrammar() {}

    public static Optional<String> of(ResponseFormat format) throws InvalidRequest {
        try {
            return switch (format) {
                case ResponseFormat.Text() -> Optional.empty();
                case ResponseFormat.JsonObject() -> Optional.of(Grammars.jsonObject());
                case ResponseFormat.JsonSchema(_, var schema, _) ->
                        Optional.of(Grammars.of(schema));
                case ResponseFormat.Choice(var texts) -> Optional.of(Grammars.choice(texts));
                case ResponseFormat.Regex(var pattern) -> Optional.of(Grammars.regex(pattern));
                case ResponseFormat.Grammar(var gbnf) -> Optional.of(gbnf);
            };
        } catch (UnsupportedSchema bad) {
            throw invalid(field(format), bad);
        }
    }

    /** For a request whose tool choice forces a call; empty where the model may choose. */
    public static Optional<String> ofForcedCalls(ToolUse use, ToolFormat format)
            throws InvalidRequest {
        boolean forced =
                switch (use.choice()) {
                    case ToolChoice.None(), ToolChoice.Auto() -> false;
                    case ToolChoice.Required(), ToolChoice.Named _ -> true;
                };
        if (!forced) {
            return Optional.empty();
        }
        var tools =
                use.callable().stream().map(t -> new Callable(t.name(), t.parameters())).toList();
        boolean several = use.parallel() && !(use.choice() instanceof ToolChoice.Named);
        try {
            return Optional.of(ToolGrammar.of(format, tools, several));
        } catch (UnsupportedSchema bad) {
            throw invalid("tools", bad);
        }
    }

    private static InvalidRequest invalid(String field, UnsupportedSchema bad) {
        var path = bad.path().isEmpty() ? field : field + "." + bad.path();
        return new InvalidRequest(path, path + ": " + bad.getMessage(), "unsupported_schema");
    }

    private static String field(ResponseFormat format) {
        return switch (format) {
            case ResponseFormat.JsonSchema _ -> "response_format.json_schema.schema";
            case ResponseFormat.Regex _ -> "structured_outputs.regex";
            case ResponseFormat.Text _,
                    ResponseFormat.JsonObject _,
                    ResponseFormat.Choice _,
                    ResponseFormat.Grammar _ ->
                    "response_format";
        };
    }
}
