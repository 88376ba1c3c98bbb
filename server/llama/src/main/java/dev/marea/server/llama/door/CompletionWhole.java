package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.News;
import dev.marea.wire.llm.openai.CompletionReply;
import dev.marea.wire.llm.openai.TokenLogprob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Gathers the completions of one prompt. */
final class CompletionWhole implements Told {
    private final int first;
    private final boolean tellsOdds;
    private final int echoed;
    private final List<StringBuilder> texts = new ArrayList<>();
    private final List<List<TokenLogprob>> odds = new ArrayList<>();
    private final List<CompletionReply.Choice> choices = new ArrayList<>();

    /**
     * @param first the index of the prompt's first choice
     */
    CompletionWhole(int first, int choices, String echo, boolean tellsOdds) {
        this.first = first;
        this.tellsOdds = tellsOdds;
        echoed = echo.length();
        for (int i = 0; i < choices; i++) {
            texts.add(new StringBuilder(echo));
            odds.add(new ArrayList<>());
        }
    }

    @Override
    public void read(News.Read read) {}

    @Override
    public void made(News.Made made) {
        texts.get(made.choice()).append(made.text());
        Odds.of(made).ifPresent(odds.get(made.choice())::addAll);
    }

    @Override
    public void ended(News.Ended ended) {
        int choice = ended.choice();
        choices.add(
                new CompletionReply.Choice(
                        first + choice,
                        texts.get(choice).append(ended.text()).toString(),
                        echoed,
                        Optional.of(CompletionStream.finish(ended)),
                        Speaker.stoppedBy(ended),
                        tellsOdds ? Optional.of(odds.get(choice)) : Optional.empty()));
    }

    @Override
    public void quiet() {}

    List<CompletionReply.Choice> choices() {
        return choices.stream()
                .sorted(Comparator.comparingInt(CompletionReply.Choice::index))
                .toList();
    }
}
