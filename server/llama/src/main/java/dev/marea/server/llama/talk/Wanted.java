package dev.marea.server.llama.talk;

import dev.marea.server.llama.sample.Sampling;
import java.util.List;

/**
 * What a generation shall be.
 *
 * @param choices answers to the one prompt
 * @param tokensMax of each, 0 for as many as the context allows
 * @param stops an answer ends before one of these
 * @param keepsStop whether it keeps the one that it met
 * @param odds likeliest tokens that are told for each place, -1 for not even the token's own odds
 * @param grammar GBNF, or empty
 * @param showsControl whether control tokens appear in the text by their names
 * @param adapter a LoRA adapter's name, or empty
 * @param salt only prompts with the same one share what was read, for privacy
 * @param priority lower ones come first
 */
public record Wanted(
        Sampling sampling,
        int choices,
        int tokensMax,
        List<String> stops,
        boolean keepsStop,
        int odds,
        String grammar,
        boolean showsControl,
        String adapter,
        String salt,
        int priority) {
    public static final int CHOICES_MOST = 16;
    public static final int STOPS_MOST = 16;
    public static final int STOP_CHARS_MOST = 1_024;
    public static final int ODDS_MOST = 20;
    public static final int GRAMMAR_CHARS_MOST = 256 << 10;
    public static final int SALT_CHARS_MOST = 256;

    public Wanted {
        limit("n", choices, CHOICES_MOST);
        limit("the number of stop strings", stops.size(), STOPS_MOST);
        limit("top_logprobs", odds, ODDS_MOST);
        limit("the grammar's length", grammar.length(), GRAMMAR_CHARS_MOST);
        limit("cache_salt's length", salt.length(), SALT_CHARS_MOST);
        for (var stop : stops) {
            limit("a stop string's length", stop.length(), STOP_CHARS_MOST);
            if (stop.isEmpty()) {
                throw new IllegalArgumentException("a stop string must not be empty");
            }
        }
        if (choices < 1 || tokensMax < 0) {
            throw new IllegalArgumentException("n must be 1 or more, max_tokens 0 or more");
        }
        stops = List.copyOf(stops);
    }

    public static Wanted of(Sampling sampling, int tokensMax) {
        return new Wanted(sampling, 1, tokensMax, List.of(), false, -1, "", false, "", "", 0);
    }

    public Wanted withChoices(int other) {
        return new Wanted(
                sampling,
                other,
                tokensMax,
                stops,
                keepsStop,
                odds,
                grammar,
                showsControl,
                adapter,
                salt,
                priority);
    }

    public Wanted withStops(List<String> others) {
        return new Wanted(
                sampling,
                choices,
                tokensMax,
                others,
                keepsStop,
                odds,
                grammar,
                showsControl,
                adapter,
                salt,
                priority);
    }

    public Wanted withOdds(int other) {
        return new Wanted(
                sampling,
                choices,
                tokensMax,
                stops,
                keepsStop,
                other,
                grammar,
                showsControl,
                adapter,
                salt,
                priority);
    }

    public Wanted withGrammar(String other) {
        return new Wanted(
                sampling,
                choices,
                tokensMax,
                stops,
                keepsStop,
                odds,
                other,
                showsControl,
                adapter,
                salt,
                priority);
    }

    private static void limit(String what, int value, int most) {
        if (value > most) {
            throw new IllegalArgumentException(
                    what + " must be at most " + most + ", was " + value);
        }
    }
}
