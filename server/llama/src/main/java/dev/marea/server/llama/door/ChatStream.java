package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.News;
import dev.marea.wire.json.Json;
import dev.marea.wire.llm.openai.ChatReply;
import dev.marea.wire.llm.openai.Streaming;
import dev.marea.wire.llm.openai.TokenLogprob;
import dev.marea.wire.llm.openai.Usage;
import dev.marea.wire.llm.tools.OutputDelta;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes a chat's answer as it is made. */
final class ChatStream implements Told {
    private final ChatReply reply;
    private final Events events;
    private final List<Speaker> speakers;
    private final Streaming streaming;
    private Usage usage = Usage.of(0, 0);

    ChatStream(ChatReply reply, Events events, List<Speaker> speakers, Streaming streaming) {
        this.reply = reply;
        this.events = events;
        this.speakers = speakers;
        this.streaming = streaming;
    }

    @Override
    public void read(News.Read read) throws IOException {
        usage = new Usage(read.prompt(), 0, read.cached(), 0);
        for (var speaker : speakers) {
            send(reply.opening(speaker.index()));
        }
    }

    @Override
    public void made(News.Made made) throws IOException {
        usage = new Usage(usage.prompt(), usage.completion() + 1, usage.cached(), 0);
        var speaker = speakers.get(made.choice());
        send(speaker, speaker.hear(made.text()), Odds.of(made));
    }

    @Override
    public void ended(News.Ended ended) throws IOException {
        var speaker = speakers.get(ended.choice());
        send(speaker, speaker.end(ended.text()), Optional.empty());
        send(reply.closing(speaker.index(), speaker.finish(ended), Speaker.stoppedBy(ended)));
    }

    /** Odds belong to a token, which may say nothing yet, or several things. */
    private void send(Speaker speaker, List<OutputDelta> deltas, Optional<List<TokenLogprob>> odds)
            throws IOException {
        if (deltas.isEmpty() && odds.isPresent()) {
            send(reply.chunk(speaker.index(), new OutputDelta.Content(""), odds));
        }
        var rest = odds;
        for (var delta : deltas) {
            send(reply.chunk(speaker.index(), delta, rest));
            rest = Optional.empty();
        }
    }

    private void send(Json.Obj chunk) throws IOException {
        events.send(streaming.continuousUsage() ? chunk.with("usage", usage.json()) : chunk);
    }

    @Override
    public void quiet() throws IOException {
        events.heartbeat();
    }

    void finish(Usage whole) throws IOException {
        if (streaming.includeUsage()) {
            events.send(reply.usage(whole));
        }
        events.done();
    }
}
