package dev.marea.server.llama.schedule;

import dev.marea.server.llama.ffm.Grammar;
import dev.marea.server.llama.sample.Rules;
import java.time.Duration;

/**
 * A grammar with a budget of time: while it is asked, every other answer waits. It is measured and
 * not counted, because llama.cpp does the work in one call.
 */
final class GrammarRules implements Rules {
    private static final Duration ONE_LOOK_MAX = Duration.ofSeconds(2);

    private final Grammar grammar;

    GrammarRules(Grammar grammar) {
        this.grammar = grammar;
    }

    /** It took too long. */
    static final class TooSlow extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooSlow() {
            super(
                    "the grammar is too complex: one token took more than "
                            + ONE_LOOK_MAX.toSeconds()
                            + " s",
                    null,
                    false,
                    false);
        }
    }

    @Override
    public boolean allows(int token) {
        long begun = System.nanoTime();
        boolean allowed = grammar.allows(token);
        check(begun);
        return allowed;
    }

    @Override
    public void forbid(float[] logits) {
        long begun = System.nanoTime();
        grammar.forbid(logits);
        check(begun);
    }

    @Override
    public void accept(int token) {
        long begun = System.nanoTime();
        grammar.accept(token);
        check(begun);
    }

    private static void check(long begun) {
        if (System.nanoTime() - begun > ONE_LOOK_MAX.toNanos()) {
            throw new TooSlow();
        }
    }
}
