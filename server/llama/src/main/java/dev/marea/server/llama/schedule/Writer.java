package dev.marea.server.llama.schedule;

import dev.marea.server.llama.ffm.Vocabulary;
import dev.marea.server.llama.sample.Sampler;
import dev.marea.server.llama.sample.TokenOdds;
import dev.marea.server.llama.talk.News;
import java.util.Optional;

/** Turns an answer's logits into its next token, and tells. */
final class Writer {
    private final Vocabulary vocabulary;
    private final int lengthMax;
    private final Outbox outbox;

    Writer(Vocabulary vocabulary, int lengthMax, Outbox outbox) {
        this.vocabulary = vocabulary;
        this.lengthMax = lengthMax;
        this.outbox = outbox;
    }

    /** How an answer goes on. */
    enum Then {
        GOES_ON,
        ENDED,
        /** No token is allowed. */
        STUCK
    }

    /**
     * @param logits are changed
     */
    Then say(Answer answer, float[] logits) {
        int wantedOdds = answer.of.wanted().odds();
        var before = wantedOdds >= 0 ? logits.clone() : logits;
        int token = answer.sampler.choose(logits);
        if (token == Sampler.NONE) {
            return Then.STUCK;
        }
        answer.made++;
        if (answer.of.ends(token)) {
            end(answer, News.End.STOP);
            return Then.ENDED;
        }
        answer.tokens.add(token);
        var text = answer.text.add(piece(answer, token));
        var odds =
                wantedOdds >= 0
                        ? Optional.of(odds(answer, before, token, wantedOdds))
                        : Optional.<News.Odds>empty();
        outbox.tell(new News.Made(answer.of.id(), answer.choice, token, text, odds));
        return proceed(answer);
    }

    private Then proceed(Answer answer) {
        if (answer.text.stopped().isPresent()) {
            end(answer, News.End.STOP);
            return Then.ENDED;
        }
        if (answer.made >= answer.of.tokensMax() || answer.tokens.size() >= lengthMax) {
            end(answer, News.End.LENGTH);
            return Then.ENDED;
        }
        return Then.GOES_ON;
    }

    private void end(Answer answer, News.End end) {
        var rest = answer.text.end();
        var stop = answer.text.stopped();
        outbox.tell(
                new News.Ended(
                        answer.of.id(),
                        answer.choice,
                        stop.isPresent() ? News.End.STOP : end,
                        rest,
                        stop.orElse(""),
                        answer.made));
    }

    private byte[] piece(Answer answer, int token) {
        return vocabulary.piece(token, answer.of.wanted().showsControl());
    }

    private News.Odds odds(Answer answer, float[] logits, int token, int top) {
        var odds = TokenOdds.of(logits, token, top);
        return new News.Odds(
                odds,
                piece(answer, token),
                odds.top().stream().map(each -> vocabulary.piece(each.token(), true)).toList());
    }
}
