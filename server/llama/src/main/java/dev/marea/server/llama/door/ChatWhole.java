package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.News;
import dev.marea.wire.llm.openai.ChatChoice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Gathers a chat's answer. */
final class ChatWhole implements Told {
    private final List<Speaker> speakers;
    private final boolean tellsOdds;
    private final List<ChatChoice> choices = new ArrayList<>();

    ChatWhole(List<Speaker> speakers, boolean tellsOdds) {
        this.speakers = speakers;
        this.tellsOdds = tellsOdds;
    }

    @Override
    public void read(News.Read read) {}

    @Override
    public void made(News.Made made) {
        var speaker = speakers.get(made.choice());
        speaker.keep(speaker.hear(made.text()), Odds.of(made));
    }

    @Override
    public void ended(News.Ended ended) {
        var speaker = speakers.get(ended.choice());
        speaker.keep(speaker.end(ended.text()), Optional.empty());
        choices.add(speaker.choice(ended, tellsOdds));
    }

    @Override
    public void quiet() {}

    List<ChatChoice> choices() {
        return choices.stream().sorted(Comparator.comparingInt(ChatChoice::index)).toList();
    }
}
