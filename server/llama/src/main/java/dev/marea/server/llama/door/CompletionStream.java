package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.News;
import dev.marea.wire.llm.openai.CompletionReply;
import dev.marea.wire.llm.openai.FinishReason;
import dev.marea.wire.llm.openai.TokenLogprob;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes the completions of one prompt as they are made. */
final class CompletionStream implements Told {
    private final CompletionReply reply;
    private final Events events;
    private final int first;
    private final int[] offsets;
    private final String echo;

    /**
     * @param first the index of the prompt's first choice
     */
    CompletionStream(CompletionReply reply, Events events, int first, int choices, String echo) {
        this.reply = reply;
        this.events = events;
        this.first = first;
        this.echo = echo;
        offsets = new int[choices];
    }

    @Override
    public void read(News.Read read) throws IOException {
        for (int i = 0; i < offsets.length && !echo.isEmpty(); i++) {
            send(i, echo, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    @Override
    public void made(News.Made made) throws IOException {
        var odds = Odds.of(made);
        if (!made.text().isEmpty() || odds.isPresent()) {
            send(made.choice(), made.text(), Optional.empty(), Optional.empty(), odds);
        }
    }

    @Override
    public void ended(News.Ended ended) throws IOException {
        send(
                ended.choice(),
                ended.text(),
                Optional.of(finish(ended)),
                Speaker.stoppedBy(ended),
                Optional.empty());
    }

    static FinishReason finish(News.Ended ended) {
        return switch (ended.end()) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
        };
    }

    private void send(
            int choice,
            String text,
            Optional<FinishReason> finish,
            Optional<String> stop,
            Optional<List<TokenLogprob>> odds)
            throws IOException {
        events.send(
                reply.chunk(
                        new CompletionReply.Choice(
                                first + choice, text, offsets[choice], finish, stop, odds)));
        offsets[choice] += text.length();
    }

    @Override
    public void quiet() throws IOException {
        events.heartbeat();
    }
}
