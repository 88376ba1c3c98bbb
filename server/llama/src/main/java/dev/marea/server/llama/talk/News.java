package dev.marea.server.llama.talk;

import dev.marea.server.llama.sample.TokenOdds;
import java.util.List;
import java.util.Optional;

/** What an engine tells its door. */
public sealed interface News {
    record Ready(ModelFacts facts) implements News {}

    /** The model cannot be loaded; the engine ends. */
    record NotLoaded(String message) implements News {}

    /** How it goes, told a few times a second while anything happens. */
    record Pulse(Gauges gauges) implements News {}

    /** News of one order. */
    sealed interface Of extends News {
        long id();
    }

    /**
     * The prompt has been read.
     *
     * @param prompt tokens of it
     * @param cached of these, those that some earlier prompt began with too
     */
    record Read(long id, int prompt, int cached) implements Of {}

    /**
     * A token was made.
     *
     * @param text what can be said now; may be empty, or more than this token's
     */
    record Made(long id, int choice, int token, String text, Optional<Odds> odds) implements Of {}

    /**
     * One choice has ended.
     *
     * @param text what was held back
     * @param stop the stop string that ended it, or empty
     * @param tokens that were made
     */
    record Ended(long id, int choice, End end, String text, String stop, int tokens)
            implements Of {}

    /** Why a choice ended. */
    enum End {
        STOP,
        LENGTH
    }

    /** It cannot be done, or not further. */
    record Failed(long id, Why why, String message) implements Of {}

    /** Whose fault it is. */
    enum Why {
        /** The request is wrong. */
        BAD_REQUEST,
        /** Prompt and answer are longer than the context. */
        TOO_LONG,
        /** Too many wait. */
        BUSY,
        /** The engine failed, or died. */
        ENGINE
    }

    record Vector(long id, float[] values, int tokens) implements Of {}

    record Tokens(long id, int[] tokens) implements Of {}

    record Text(long id, String text) implements Of {}

    /**
     * A token's odds, with the texts that tokens stand for.
     *
     * @param text of the token chosen
     * @param topTexts of the likeliest, in their order
     */
    record Odds(TokenOdds odds, byte[] text, List<byte[]> topTexts) {
        public Odds {
            topTexts = List.copyOf(topTexts);
        }
    }
}
