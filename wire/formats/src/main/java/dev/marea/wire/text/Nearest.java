package dev.marea.wire.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the known name that a mistyped one probably meant: the fewest insertions, deletions,
 * replacements and swaps of neighbours, upper and lower case alike.
 */
public final class Nearest {
    /** Longer words are not typing mistakes, and the work grows with the square of the length. */
    private static final int LENGTH_MAX = 128;

    private Nearest() {}

    /** The nearest known name, if it is at most a third of the word (at least one letter) away. */
    public static Optional<String> of(String word, Collection<String> known) {
        if (word.isEmpty() || word.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        int allowed = Math.max(1, word.length() / 3);
        var lower = word.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(name -> Math.abs(name.length() - word.length()) <= allowed)
                .map(name -> new Candidate(name, lower, word))
                .filter(candidate -> candidate.distance <= allowed)
                .min(Candidate.ORDER)
                .map(Candidate::name);
    }

    /** Appends {@code , did you mean "x"?} or nothing; for messages. */
    public static String hint(String word, Collection<String> known) {
        return of(word, known).map(name -> ", did you mean \"" + name + "\"?").orElse("");
    }

    private record Candidate(String name, int distance, int exactDistance) {
        /** Ties: the spelling closer in case, then the alphabet, so that answers never waver. */
        static final Comparator<Candidate> ORDER =
                Comparator.comparingInt(Candidate::distance)
                        .thenComparingInt(Candidate::exactDistance)
                        .thenComparing(Candidate::name);

        Candidate(String name, String lowerWord, String word) {
            this(
                    name,
                    Nearest.distance(lowerWord, name.toLowerCase(Locale.ROOT)),
                    Nearest.distance(word, name));
        }
    }

    /** Damerau-Levenshtein distance in which a swapped pair is not edited again. */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        Arrays.setAll(last, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                if (swapped(a, i, b, j)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            var free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }

    private static boolean swapped(String a, int i, String b, int j) {
        return i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
