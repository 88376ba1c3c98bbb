package dev.marea.wire.llm.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.grammar.CallNotation.Callable;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ToolGrammarTest {
    private static final Callable WEATHER =
            new Callable(
                    "weather",
                    Json.Obj.of(
                            "type", "object",
                            "properties", Json.Obj.of("city", Json.Obj.of("const", "Rome")),
                            "required", List.of("city")));
    private static final Callable NOW = new Callable("now", Json.Obj.EMPTY);

    /**
     * Writes the first thing that a grammar allows: literals as they are, rules by their first
     * branch.
     */
    @ParameterizedTest
    @EnumSource(ToolFormat.class)
    void whatTheGrammarForcesItsParserReads(ToolFormat format) throws Exception {
        var grammar = ToolGrammar.of(format, List.of(WEATHER, NOW), true);
        var text = FirstText.of(grammar);
        var parser = OutputParsers.of(ToolGrammar.readAs(format), ReasoningFormat.NONE, () -> "id");
        var output = Output.read(parser, text);
        assertThat(output.content()).as(text).isEmpty();
        assertThat(output.calls())
                .as(text)
                .extracting(ToolCall::name, call -> call.arguments().replace(" ", ""))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("weather", "{\"city\":\"Rome\"}"));
    }
}
