package dev.marea.wire.llm.tools;

import java.util.ArrayList;
import java.util.List;

/** A whole answer: what its deltas add up to. */
public record Output(String reasoning, String content, List<ToolCall> calls) {
    public Output {
        calls = List.copyOf(calls);
    }

    public static Output of(List<OutputDelta> deltas) {
        var reasoning = new StringBuilder();
        var content = new StringBuilder();
        var started = new ArrayList<OutputDelta.CallStart>();
        var arguments = new ArrayList<StringBuilder>();
        for (var delta : deltas) {
            switch (delta) {
                case OutputDelta.Reasoning(var text) -> reasoning.append(text);
                case OutputDelta.Content(var text) -> content.append(text);
                case OutputDelta.CallStart start -> {
                    started.add(start);
                    arguments.add(new StringBuilder());
                }
                case OutputDelta.CallArguments(int index, var text) ->
                        arguments.get(index).append(text);
            }
        }
        var calls = new ArrayList<ToolCall>();
        for (var start : started) {
            var text = arguments.get(start.index()).toString();
            calls.add(new ToolCall(start.id(), start.name(), text));
        }
        return new Output(reasoning.toString(), content.toString(), calls);
    }

    /** Reads a text that is already whole. */
    public static Output read(OutputParser parser, String text) {
        var deltas = new ArrayList<>(parser.feed(text));
        deltas.addAll(parser.end());
        return of(deltas);
    }
}
