package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cuts a text into the words or characters that a vectoriser counts, alone and in runs.
 *
 * @param stopWords words that are left out
 * @param tokens cuts words; not asked for characters
 */
record Analyzer(
        Unit unit,
        boolean lowercase,
        Accents accents,
        Set<String> stopWords,
        Tokens tokens,
        int shortest,
        int longest) {
    /** Runs of more words or characters are nobody's. */
    static final int LONGEST_MAX = 64;

    enum Unit {
        WORDS,
        CHARACTERS,
        /** Of words by themselves, each between two spaces. */
        CHARACTERS_OF_WORDS
    }

    enum Accents {
        KEPT,
        STRIPPED,
        ASCII_ONLY
    }

    /** Finds words in a text, in order. */
    interface Tokens {
        List<String> of(String text, Effort effort) throws BadInput;
    }

    /** Takes one run after another. */
    interface Sink {
        void take(String run);
    }

    Analyzer {
        stopWords = Set.copyOf(stopWords);
    }

    void analyze(String text, Sink sink, Effort effort) throws BadInput {
        var plain = plain(text);
        switch (unit) {
            case WORDS -> words(tokens.of(plain, effort), sink, effort);
            case CHARACTERS -> characters(Runs.spaced(plain), sink, effort);
            case CHARACTERS_OF_WORDS -> {
                for (var word : Runs.words(plain)) {
                    ofWord(word, sink, effort);
                }
            }
        }
    }

    private String plain(String text) {
        var cased = lowercase ? PythonText.lower(text) : text;
        return switch (accents) {
            case KEPT -> cased;
            case STRIPPED -> PythonText.withoutAccents(cased);
            case ASCII_ONLY -> PythonText.asciiOnly(cased);
        };
    }

    private void words(List<String> all, Sink sink, Effort effort) throws BadInput {
        var kept = stopWords.isEmpty() ? all : withoutStopWords(all);
        for (int n = shortest; n <= Math.min(longest, kept.size()); n++) {
            effort.runs(kept.size() - n + 1);
            for (int i = 0; i + n <= kept.size(); i++) {
                sink.take(n == 1 ? kept.get(i) : String.join(" ", kept.subList(i, i + n)));
            }
        }
    }

    private List<String> withoutStopWords(List<String> all) {
        var kept = new ArrayList<String>(all.size());
        for (var word : all) {
            if (!stopWords.contains(word)) {
                kept.add(word);
            }
        }
        return kept;
    }

    private void characters(Runs text, Sink sink, Effort effort) throws BadInput {
        for (int n = shortest; n <= Math.min(longest, text.length()); n++) {
            effort.runs(text.length() - n + 1);
            for (int i = 0; i + n <= text.length(); i++) {
                sink.take(text.run(i, n));
            }
        }
    }

    /** A word that is shorter than a run counts once, as it is. */
    private void ofWord(Runs word, Sink sink, Effort effort) throws BadInput {
        int length = word.length();
        for (int n = shortest; n <= longest; n++) {
            effort.runs(Math.max(1, length - n + 1));
            sink.take(word.run(0, Math.min(n, length)));
            for (int i = 1; i + n <= length; i++) {
                sink.take(word.run(i, n));
            }
            if (n >= length) {
                break;
            }
        }
    }
}
