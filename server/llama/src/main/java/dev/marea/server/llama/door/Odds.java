package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.News;
import dev.marea.wire.llm.openai.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engine's odds as the API tells them. */
final class Odds {
    private Odds() {}

    static Optional<List<TokenLogprob>> of(News.Made made) {
        return made.odds().map(odds -> List.of(one(odds)));
    }

    private static TokenLogprob one(News.Odds odds) {
        var top = new ArrayList<TokenLogprob>();
        for (int i = 0; i < odds.topTexts().size(); i++) {
            top.add(token(odds.topTexts().get(i), odds.odds().top().get(i).logprob(), List.of()));
        }
        return token(odds.text(), odds.odds().logprob(), top);
    }

    private static TokenLogprob token(byte[] bytes, double logprob, List<TokenLogprob> top) {
        return new TokenLogprob(new String(bytes, StandardCharsets.UTF_8), bytes, logprob, top);
    }
}
