package dev.marea.server.llama.schedule;

import dev.marea.server.llama.ffm.Grammar;
import dev.marea.server.llama.sample.Rules;
import dev.marea.server.llama.sample.Sampler;
import dev.marea.server.llama.talk.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** One request to make text. */
public final class Generation {
    private final long id;
    private final int[] prompt;
    private final Wanted wanted;
    private final int tokensMax;
    private final IntPredicate ends;
    private final @Nullable Grammar grammar;
    private final List<Grammar> grammars = new ArrayList<>();

    /** Choices that have begun and not ended. */
    final List<Answer> answers = new ArrayList<>();

    boolean failed;
    private boolean closed;

    /**
     * @param tokensMax of each choice
     * @param ends which tokens end an answer
     * @param grammar at its beginning, or null; closed with this
     */
    public Generation(
            long id,
            int[] prompt,
            Wanted wanted,
            int tokensMax,
            IntPredicate ends,
            @Nullable Grammar grammar) {
        this.id = id;
        this.prompt = prompt;
        this.wanted = wanted;
        this.tokensMax = tokensMax;
        this.ends = ends;
        this.grammar = grammar;
    }

    public long id() {
        return id;
    }

    int[] prompt() {
        return prompt;
    }

    Wanted wanted() {
        return wanted;
    }

    int tokensMax() {
        return tokensMax;
    }

    /** What answers must have in common to share cells. */
    String key() {
        return wanted.adapter() + "\0" + wanted.salt();
    }

    boolean ends(int token) {
        return ends.test(token) && !wanted.sampling().ignoresEnd();
    }

    /** Each choice has its own chance: the same request gives the same choices again. */
    Sampler sampler(int choice) {
        var how = wanted.sampling();
        return new Sampler(how.withSeed(how.seed() + choice), ends, prompt, rules());
    }

    private @Nullable Rules rules() {
        if (grammar == null) {
            return null;
        }
        var own = grammar.copy();
        grammars.add(own);
        return new GrammarRules(own);
    }

    /** A second call does nothing. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (grammar != null) {
            grammar.close();
        }
        grammars.forEach(Grammar::close);
        grammars.clear();
    }
}
