package dev.marea.wire.llm.tools;

import java.util.List;
import java.util.function.Supplier;

/** The parser for one answer of a model. */
public final class OutputParsers {
    private OutputParsers() {}

    /** {@code ids} gives each call its id; say {@link ToolFormat#NONE} where none may be called. */
    public static OutputParser of(
            ToolFormat tools, ReasoningFormat reasoning, Supplier<String> ids) {
        var calls = new Calls(ids);
        var answer = answer(tools, calls);
        return switch (reasoning) {
            case NONE -> answer;
            case THINK -> new Thoughts(answer, false);
            case THINK_OPENED -> new Thoughts(answer, true);
        };
    }

    private static OutputParser answer(ToolFormat tools, Calls calls) {
        return switch (tools) {
            case NONE -> new PlainText();
            case HERMES -> json(calls, List.of("</tool_call>"), "<tool_call>");
            case GRANITE -> json(calls, List.of(), "<|tool_call|>", "<tool_call>");
            case PHI4 -> json(calls, List.of("<|/tool_call|>"), "functools", "<|tool_call|>");
            case LLAMA_JSON -> new LeadingJson(calls);
            case LLAMA_PYTHONIC -> new Pythonic(calls);
            case MISTRAL ->
                    new TaggedText(List.of(Mistral.TAG), (_, said) -> new Mistral(said), calls);
            case DEEPSEEK -> deepseek(calls);
            case FUNCTION_GEMMA ->
                    new TaggedText(
                            List.of(GemmaCall.START),
                            (_, said) -> new MarkedCalls(said, GemmaCall.END, GemmaCall::read),
                            calls);
        };
    }

    private static OutputParser json(Calls calls, List<String> ends, String... tags) {
        return new TaggedText(List.of(tags), (_, said) -> new JsonCalls(said, ends), calls);
    }

    private static OutputParser deepseek(Calls calls) {
        var around = List.of("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>");
        var call = "<｜tool▁call▁begin｜>";
        return new TaggedText(
                List.of(around.getFirst(), around.getLast(), call),
                (tag, said) ->
                        tag.equals(call)
                                ? new NamedJson(
                                        said, List.of("<｜tool▁sep｜>"), List.of("<｜tool▁call▁end｜>"))
                                : new Nothing(),
                calls);
    }

    /** A tag that only says that calls begin or end. */
    private static final class Nothing implements Body {
        @Override
        public int read(CharSequence text, boolean end, Calls calls) {
            return 0;
        }

        @Override
        public boolean done() {
            return true;
        }
    }
}
