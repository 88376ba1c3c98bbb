package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;

/**
 * Sets of categories as bits: the first word says how many words of zeros were left out before the
 * second. So a single category costs two words, whatever its code.
 */
final class CategorySet {
    /** XGBoost's own limit: the last whole number that single precision counts to. */
    private static final int CODE_MAX = (1 << 24) - 1;

    private static final int WORDS_SPARE = 1 << 20;

    private long wordsLeft;

    /** A file may unfold to eight bytes for each of its own, and a little more. */
    CategorySet(ModelBytes source) {
        this.wordsLeft = (long) source.length() + WORDS_SPARE;
    }

    static boolean contains(long[] set, int code) {
        int word = (code >> 6) - (int) set[0];
        return word >= 0 && word < set.length - 1 && (set[word + 1] >>> code & 1) != 0;
    }

    /** The set of the codes from one index to another, of which there is at least one. */
    long[] of(int[] codes, int from, int to, Section place) throws LoadFailure {
        int least = CODE_MAX;
        int most = 0;
        for (int i = from; i < to; i++) {
            if (codes[i] < 0 || codes[i] > CODE_MAX) {
                throw place.failure("holds the category " + codes[i]);
            }
            least = Math.min(least, codes[i]);
            most = Math.max(most, codes[i]);
        }
        int firstWord = least >> 6;
        int words = (most >> 6) - firstWord + 1;
        wordsLeft -= words;
        if (wordsLeft < 0) {
            throw place.failure("unfold to more than a model of this size has");
        }
        var set = new long[words + 1];
        set[0] = firstWord;
        for (int i = from; i < to; i++) {
            set[1 + (codes[i] >> 6) - firstWord] |= 1L << codes[i];
        }
        return set;
    }
}
