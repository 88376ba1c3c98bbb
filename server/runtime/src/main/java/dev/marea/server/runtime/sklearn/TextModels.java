package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.pickle.PyValue.Text;
import dev.marea.server.runtime.sklearn.Analyzer.Accents;
import dev.marea.server.runtime.sklearn.Analyzer.Tokens;
import dev.marea.server.runtime.sklearn.Analyzer.Unit;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import dev.marea.server.runtime.sklearn.Scalers.Norm;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** CountVectorizer, TfidfVectorizer, HashingVectorizer and TfidfTransformer. */
final class TextModels {
    private TextModels() {}

    static Estimator count(State state) throws LoadFailure {
        return new Transformer(counted(state));
    }

    static Estimator tfidf(State state) throws LoadFailure {
        var counted = counted(state);
        var weights = weights(state.part("_tfidf"), counted.columnsOut());
        return new Transformer(new Pipeline.Chain(List.of(counted, weights)));
    }

    static Estimator tfidfTransformer(State state) throws LoadFailure {
        int columns = state.has("n_features_in_") ? state.size("n_features_in_") : -1;
        return new Transformer(weights(state, columns));
    }

    static Estimator hashing(State state) throws LoadFailure {
        int columns = state.size("n_features");
        if (columns < 1) {
            throw state.failure("n_features must be 1 or more");
        }
        var hashed =
                new Vectorizers.Hashed(
                        analyzer(state),
                        columns,
                        state.flag("alternate_sign", true),
                        state.flag("binary", false));
        var norm = norm(state);
        return new Transformer(
                norm.isEmpty()
                        ? hashed
                        : new Pipeline.Chain(
                                List.of(hashed, new Scalers.Unit(columns, norm.get()))));
    }

    private static Vectorizers.Counted counted(State state) throws LoadFailure {
        var words = state.dict("vocabulary_");
        if (words.isEmpty()) {
            throw state.failure("has no vocabulary_ (not fitted?)");
        }
        int count = words.get().named().size();
        Map<String, Integer> vocabulary = HashMap.newHashMap(count);
        for (var word : words.get().named().entrySet()) {
            int place = state.size(word.getValue(), "vocabulary_");
            if (place >= count) {
                throw state.failure("vocabulary_ has the place %d of %d".formatted(place, count));
            }
            state.chargeText(word.getKey());
            vocabulary.put(word.getKey(), place);
        }
        return new Vectorizers.Counted(
                analyzer(state), vocabulary, count, state.flag("binary", false));
    }

    private static Optional<Norm> norm(State state) throws LoadFailure {
        return state.has("norm") ? Optional.of(Scalers.norm(state)) : Optional.empty();
    }

    /**
     * @param columns that it gets; negative if only its own state tells
     */
    private static TermWeights weights(State state, int columns) throws LoadFailure {
        var rarity = state.flag("use_idf", true) ? rarity(state) : new double[0];
        int width = columns < 0 ? rarity.length : columns;
        if (rarity.length > 0 && rarity.length != width) {
            throw state.failure("weights %d words of %d".formatted(rarity.length, width));
        }
        return new TermWeights(width, state.flag("sublinear_tf", false), rarity, norm(state));
    }

    /** Before 1.4 it was the diagonal of a sparse matrix. */
    private static double[] rarity(State state) throws LoadFailure {
        return state.has("idf_") ? state.vector("idf_") : state.part("_idf_diag").vector("data");
    }

    private static Analyzer analyzer(State state) throws LoadFailure {
        refuseCode(state);
        var range = state.items("ngram_range");
        if (range.size() != 2) {
            throw state.failure("ngram_range must be a pair");
        }
        int shortest = state.size(range.get(0), "ngram_range");
        int longest = state.size(range.get(1), "ngram_range");
        if (shortest < 1 || longest < shortest) {
            throw state.failure("ngram_range is " + shortest + ".." + longest);
        }
        if (longest > Analyzer.LONGEST_MAX) {
            throw state.unsupported(
                    "ngram_range above %d (%d)".formatted(Analyzer.LONGEST_MAX, longest));
        }
        var unit = unit(state);
        return new Analyzer(
                unit,
                state.flag("lowercase", true),
                accents(state),
                unit == Unit.WORDS ? stopWords(state) : Set.of(),
                unit == Unit.WORDS ? tokens(state) : new WordTokens(1),
                shortest,
                longest);
    }

    /** Functions of the user's own stand in the pickle by name, and are never run. */
    private static void refuseCode(State state) throws LoadFailure {
        for (var name : List.of("preprocessor", "tokenizer")) {
            if (state.has(name)) {
                throw state.unsupported("a %s of your own".formatted(name));
            }
        }
        var input = state.text("input").orElse("content");
        if (!input.equals("content")) {
            throw state.unsupported("reading files (input='%s')".formatted(Texts.shown(input)));
        }
    }

    private static Unit unit(State state) throws LoadFailure {
        return switch (state.text("analyzer").orElse("")) {
            case "word" -> Unit.WORDS;
            case "char" -> Unit.CHARACTERS;
            case "char_wb" -> Unit.CHARACTERS_OF_WORDS;
            default -> throw state.unsupported("an analyzer of your own");
        };
    }

    private static Accents accents(State state) throws LoadFailure {
        if (!state.has("strip_accents")) {
            return Accents.KEPT;
        }
        return switch (state.text("strip_accents").orElse("")) {
            case "unicode" -> Accents.STRIPPED;
            case "ascii" -> Accents.ASCII_ONLY;
            default -> throw state.unsupported("a strip_accents of your own");
        };
    }

    private static Set<String> stopWords(State state) throws LoadFailure {
        var said = state.value("stop_words");
        if (said.isEmpty()) {
            return Set.of();
        }
        if (said.get() instanceof Text(var name)) {
            if (name.equals("english")) {
                return StopWords.ENGLISH;
            }
            throw state.unsupported("the stop words '%s'".formatted(Texts.shown(name)));
        }
        var words = new HashSet<String>();
        for (PyValue word : state.items("stop_words")) {
            if (!(word instanceof Text(var text))) {
                throw state.failure("stop_words must hold words");
            }
            state.chargeText(text);
            words.add(text);
        }
        return words;
    }

    private static Tokens tokens(State state) throws LoadFailure {
        var pattern = state.text("token_pattern").orElse("");
        return switch (pattern) {
            case "(?u)\\b\\w\\w+\\b", "\\b\\w\\w+\\b" -> new WordTokens(2);
            case "(?u)\\b\\w+\\b", "\\b\\w+\\b", "(?u)\\w+", "\\w+" -> new WordTokens(1);
            default -> PatternReader.read(pattern, state);
        };
    }
}
