package dev.marea.wire.llm.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutputParsersTest {
    private static final ReasoningFormat NONE = ReasoningFormat.NONE;

    private static Arguments text(
            ToolFormat tools, ReasoningFormat reasoning, String text, String wanted) {
        return Arguments.of(tools, reasoning, text, wanted);
    }

    /** What is wanted: reasoning | content | name(arguments)… */
    static Stream<Arguments> texts() {
        return Stream.of(hermes(), llama(), mistral(), others(), reasoning()).flatMap(s -> s);
    }

    private static Stream<Arguments> hermes() {
        var format = ToolFormat.HERMES;
        return Stream.of(
                text(format, NONE, "Hello <b>you</b> ", "|Hello <b>you</b> |"),
                text(format, NONE, "", "||"),
                text(
                        format,
                        NONE,
                        "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": [1, {\"b\": \"}\"}]}}\n</tool_call>",
                        "||f({\"a\": [1, {\"b\": \"}\"}]})"),
                text(
                        format,
                        NONE,
                        "I look.\n\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>\n<tool_call>{\"name\":\"g\",\"arguments\":{\"q\":\"a\\\"b\"}}</tool_call>\n",
                        "|I look.|f({}) g({\"q\":\"a\\\"b\"})"),
                text(
                        format,
                        NONE,
                        "<tool_call>{\"arguments\": {\"a\": 1}, \"name\": \"f\"}</tool_call>",
                        "||f({\"a\":1})"),
                text(
                        format,
                        NONE,
                        "<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call>",
                        "||f({\"a\": 1})"),
                text(format, NONE, "<tool_call>{\"name\": \"f\"}</tool_call>", "||f({})"),
                text(format, NONE, "use <tool_call> like this", "|use <tool_call> like this|"),
                text(
                        format,
                        NONE,
                        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1",
                        "||f({\"a\": 1)"),
                text(format, NONE, "<tool_call>{\"nam", "|{\"nam|"),
                text(format, NONE, "ends with <tool_", "|ends with <tool_|"));
    }

    private static Stream<Arguments> llama() {
        var json = ToolFormat.LLAMA_JSON;
        var python = ToolFormat.LLAMA_PYTHONIC;
        return Stream.of(
                text(json, NONE, "{\"name\": \"f\", \"parameters\": {\"a\": 1}}", "||f({\"a\":1})"),
                text(
                        json,
                        NONE,
                        "<|python_tag|>{\"name\":\"f\",\"parameters\":{}}; {\"name\":\"g\",\"parameters\":{\"x\":\";\"}}",
                        "||f({}) g({\"x\":\";\"})"),
                text(json, NONE, "{\"answer\": {\"name\": 1}}", "|{\"answer\": {\"name\": 1}}|"),
                text(json, NONE, "{\"name\": \"Ann\"}", "|{\"name\": \"Ann\"}|"),
                text(json, NONE, "Just text {\"name\":\"f\"}", "|Just text {\"name\":\"f\"}|"),
                text(json, NONE, "{\"name\": \"f", "|{\"name\": \"f|"),
                text(
                        python,
                        NONE,
                        "[f(a=1, b='x y', c=[1, 2.5, None], d={'k': True}), g()]",
                        "||f({\"a\":1,\"b\":\"x y\",\"c\":[1,2.5,null],\"d\":{\"k\":true}}) g({})"),
                text(
                        python,
                        NONE,
                        "<|python_start|>[f(a=\"it's\")]<|python_end|>",
                        "||f({\"a\":\"it's\"})"),
                text(python, NONE, "[1, 2, 3]", "|[1, 2, 3]|"),
                text(python, NONE, "[f(a=", "|[f(a=|"),
                text(python, NONE, "Text", "|Text|"));
    }

    private static Stream<Arguments> mistral() {
        var format = ToolFormat.MISTRAL;
        return Stream.of(
                text(
                        format,
                        NONE,
                        "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\": 1}}, {\"name\": \"g\", \"arguments\": {}}]",
                        "||f({\"a\": 1}) g({})"),
                text(
                        format,
                        NONE,
                        "ok[TOOL_CALLS]f[ARGS]{\"a\": 1}[TOOL_CALLS]g{\"b\": \"}\"}",
                        "|ok|f({\"a\": 1}) g({\"b\": \"}\"})"),
                text(format, NONE, "[TOOL_CALLS]f[CALL_ID]abc[ARGS]{}", "||f({})"),
                text(format, NONE, "[1] and [TOOL", "|[1] and [TOOL|"));
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                text(
                        ToolFormat.DEEPSEEK,
                        NONE,
                        "Hm.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{\"a\": 1}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>g\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "|Hm.|f({\"a\": 1}) g({})"),
                text(
                        ToolFormat.DEEPSEEK,
                        NONE,
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"a\": {\"b\": 2}}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "||f({\"a\": {\"b\": 2}})"),
                text(
                        ToolFormat.GRANITE,
                        NONE,
                        "<|tool_call|>[{\"name\": \"f\", \"arguments\": {\"a\": 1}}]",
                        "||f({\"a\": 1})"),
                text(
                        ToolFormat.PHI4,
                        NONE,
                        "functools[{\"name\": \"f\", \"arguments\": {\"a\": 1}}]",
                        "||f({\"a\": 1})"),
                text(
                        ToolFormat.PHI4,
                        NONE,
                        "<|tool_call|>[{\"name\": \"f\", \"arguments\": {}}]<|/tool_call|>",
                        "||f({})"),
                text(
                        ToolFormat.PHI4,
                        NONE,
                        "import functools\nfunctools.reduce",
                        "|import functools\nfunctools.reduce|"),
                text(
                        ToolFormat.FUNCTION_GEMMA,
                        NONE,
                        "<start_function_call>call:f{city:<escape>Rome, \"x\":{}<escape>,days:2,ok:true,l:[1,<escape>a<escape>]}<end_function_call>",
                        "||f({\"city\":\"Rome, \\\"x\\\":{}\",\"days\":2,\"ok\":true,\"l\":[1,\"a\"]})"),
                text(
                        ToolFormat.FUNCTION_GEMMA,
                        NONE,
                        "<start_function_call>what<end_function_call>",
                        "|<start_function_call>what<end_function_call>|"),
                text(
                        ToolFormat.NONE,
                        NONE,
                        "<tool_call>{}</tool_call>",
                        "|<tool_call>{}</tool_call>|"));
    }

    private static Stream<Arguments> reasoning() {
        var think = ReasoningFormat.THINK;
        return Stream.of(
                text(
                        ToolFormat.NONE,
                        think,
                        "<think>\nhm </thin> x\n</think>\n\nYes.",
                        "hm </thin> x|Yes.|"),
                text(ToolFormat.NONE, think, "No thoughts.", "|No thoughts.|"),
                text(ToolFormat.NONE, think, "<think>cut", "cut||"),
                text(ToolFormat.NONE, think, "<think></think>Y", "|Y|"),
                text(ToolFormat.NONE, ReasoningFormat.THINK_OPENED, "hm</think>Y", "hm|Y|"),
                text(
                        ToolFormat.NONE,
                        ReasoningFormat.THINK_OPENED,
                        "only thoughts",
                        "only thoughts||"),
                text(
                        ToolFormat.HERMES,
                        think,
                        "<think>a <tool_call> b</think>\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>",
                        "a <tool_call> b||f({})"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aTextMeansTheSameHoweverItIsCut(
            ToolFormat tools, ReasoningFormat reasoning, String text, String wanted) {
        assertThat(shown(read(tools, reasoning, List.of(text)))).isEqualTo(wanted);
        assertThat(
                        shown(
                                read(
                                        tools,
                                        reasoning,
                                        text.chars().mapToObj(c -> "" + (char) c).toList())))
                .as("letter by letter")
                .isEqualTo(wanted);
        for (int seed = 0; seed < 200; seed++) {
            var pieces = cut(text, new Random(seed));
            assertThat(shown(read(tools, reasoning, pieces)))
                    .as("seed %d, pieces %s", seed, pieces)
                    .isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void garbageOfTheSameLettersNeverFailsAndMeansTheSameHoweverItIsCut(
            ToolFormat tools, ReasoningFormat reasoning, String text, String wanted) {
        for (int seed = 0; seed < 100; seed++) {
            var random = new Random(seed);
            var pieces = new ArrayList<>(cut(text, random));
            java.util.Collections.shuffle(pieces, random);
            var garbage = String.join("", pieces);
            assertThat(shown(read(tools, reasoning, cut(garbage, random))))
                    .as("seed %d of '%s', text '%s'", seed, wanted, garbage)
                    .isEqualTo(shown(read(tools, reasoning, List.of(garbage))));
        }
    }

    private static List<String> cut(String text, Random random) {
        var pieces = new ArrayList<String>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(12));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private static Output read(ToolFormat tools, ReasoningFormat reasoning, List<String> pieces) {
        var parser = OutputParsers.of(tools, reasoning, numbered());
        var deltas = new ArrayList<OutputDelta>();
        pieces.forEach(piece -> deltas.addAll(parser.feed(piece)));
        deltas.addAll(parser.end());
        return Output.of(deltas);
    }

    private static Supplier<String> numbered() {
        int[] next = {0};
        return () -> "call_" + next[0]++;
    }

    private static String shown(Output output) {
        var calls = output.calls().stream().map(c -> c.name() + "(" + c.arguments() + ")").toList();
        return output.reasoning() + "|" + output.content() + "|" + String.join(" ", calls);
    }
}
