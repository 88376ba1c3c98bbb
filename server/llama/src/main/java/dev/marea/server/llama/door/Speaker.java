package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.News;
import dev.marea.wire.llm.openai.ChatChoice;
import dev.marea.wire.llm.openai.FinishReason;
import dev.marea.wire.llm.openai.TokenLogprob;
import dev.marea.wire.llm.tools.Output;
import dev.marea.wire.llm.tools.OutputDelta;
import dev.marea.wire.llm.tools.OutputParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One choice of a chat: its text, understood as it comes. */
final class Speaker {
    private final int index;
    private final OutputParser parser;
    private final List<OutputDelta> said = new ArrayList<>();
    private final List<TokenLogprob> odds = new ArrayList<>();
    private boolean calls;

    Speaker(int index, OutputParser parser) {
        this.index = index;
        this.parser = parser;
    }

    int index() {
        return index;
    }

    List<OutputDelta> hear(String text) {
        return remembered(parser.feed(text));
    }

    List<OutputDelta> end(String text) {
        var all = new ArrayList<>(hear(text));
        all.addAll(remembered(parser.end()));
        return all;
    }

    private List<OutputDelta> remembered(List<OutputDelta> deltas) {
        calls |= deltas.stream().anyMatch(OutputDelta.CallStart.class::isInstance);
        return deltas;
    }

    /** Keeps what was said, for an answer that is told whole. */
    void keep(List<OutputDelta> deltas, Optional<List<TokenLogprob>> tokens) {
        said.addAll(deltas);
        tokens.ifPresent(odds::addAll);
    }

    FinishReason finish(News.Ended ended) {
        return switch (ended.end()) {
            case LENGTH -> FinishReason.LENGTH;
            case STOP -> calls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
        };
    }

    static Optional<String> stoppedBy(News.Ended ended) {
        return ended.stop().isEmpty() ? Optional.empty() : Optional.of(ended.stop());
    }

    ChatChoice choice(News.Ended ended, boolean tellsOdds) {
        return new ChatChoice(
                index,
                Output.of(said),
                finish(ended),
                stoppedBy(ended),
                tellsOdds ? Optional.of(List.copyOf(odds)) : Optional.empty());
    }
}
