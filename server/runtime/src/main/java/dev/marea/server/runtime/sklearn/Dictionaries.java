package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** DictVectorizer: named values as columns; of a text, a one in the column of name and text. */
final class Dictionaries {
    private Dictionaries() {}

    /**
     * One of the names that dictionaries have.
     *
     * @param number the column of its numbers; -1 if it never was one
     * @param texts the column of each of its texts
     */
    private record Name(int number, Map<String, Integer> texts) {}

    /** What is missing or was never seen leaves all columns of its name zero. */
    private record Vectors(List<Name> names, int columnsOut) implements Step {
        @Override
        public int columnsIn() {
            return names.size();
        }

        @Override
        public Takes takes(int column) {
            var name = names.get(column);
            if (name.texts().isEmpty()) {
                return Takes.NUMBERS;
            }
            return name.number() < 0 ? Takes.TEXTS : Takes.EITHER;
        }

        @Override
        public Accepts accepts() {
            return Accepts.FINITE_OR_NAN;
        }

        @Override
        public boolean fillsMissing() {
            return true;
        }

        @Override
        public Data apply(Data rows) throws BadInput {
            Data.room(rows.rows(), names.size());
            var out = new SparseRows(columnsOut, rows.rows());
            for (int row = 0; row < rows.rows(); row++) {
                for (int column = 0; column < names.size(); column++) {
                    add(rows, row, column, out);
                }
                out.endRow();
            }
            return out.done();
        }

        private void add(Data rows, int row, int column, SparseRows out) throws BadInput {
            var name = names.get(column);
            if (rows instanceof Table table
                    && table.cells().get(column) instanceof Table.Texts(var cells)) {
                var place = name.texts().get(cells[row]);
                if (place != null) {
                    out.add(place, 1);
                }
                return;
            }
            double number =
                    rows instanceof Table table
                            ? table.numbers(column)[row]
                            : rows.dense().at(row, column);
            if (name.number() >= 0 && !Double.isNaN(number)) {
                out.add(name.number(), number);
            }
        }
    }

    /** The names, in the order of the columns. */
    static List<String> names(Set<String> words, String separator) {
        return words.stream().map(word -> name(word, separator)).distinct().sorted().toList();
    }

    private static String name(String word, String separator) {
        int at = word.indexOf(separator);
        return at < 0 ? word : word.substring(0, at);
    }

    static Estimator read(State state) throws LoadFailure {
        var names = fitted(state);
        int columns = state.dict("vocabulary_").orElseThrow().named().size();
        return new Transformer(new Vectors(new ArrayList<>(names.values()), columns));
    }

    private static SortedMap<String, Name> fitted(State state) throws LoadFailure {
        var names = new TreeMap<String, Name>();
        var vocabulary = state.dict("vocabulary_");
        var separator = state.text("separator").orElse("=");
        if (vocabulary.isEmpty() || separator.isEmpty()) {
            throw state.failure("has no vocabulary_ (not fitted?)");
        }
        var all = vocabulary.get().named();
        for (var entry : all.entrySet()) {
            int place = state.size(entry.getValue(), "vocabulary_");
            if (place >= all.size()) {
                throw state.failure(
                        "vocabulary_ has the place %d of %d".formatted(place, all.size()));
            }
            state.chargeText(entry.getKey());
            var word = entry.getKey();
            var name = name(word, separator);
            var known = names.getOrDefault(name, new Name(-1, new HashMap<>()));
            if (word.equals(name)) {
                names.put(name, new Name(place, known.texts()));
            } else {
                known.texts().put(word.substring(name.length() + separator.length()), place);
                names.put(name, known);
            }
        }
        return names;
    }
}
