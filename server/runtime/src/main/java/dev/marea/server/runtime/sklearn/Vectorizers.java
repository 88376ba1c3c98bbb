package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Elements;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Texts as sparse rows: a count for each word that is known, or for each place of a hash. */
final class Vectorizers {
    private Vectorizers() {}

    /** What both have in common: texts in, sparse rows out. */
    interface OfTexts extends Step {
        Analyzer analyzer();

        @Override
        default int columnsIn() {
            return 1;
        }

        @Override
        default Takes takes(int column) {
            return Takes.TEXTS;
        }

        @Override
        default boolean takesDocuments() {
            return true;
        }

        @Override
        default boolean givesSparse(boolean given) {
            return true;
        }

        @Override
        default Accepts accepts() {
            return Accepts.ANYTHING;
        }
    }

    private static String[] texts(Data rows) throws BadInput {
        if (!(rows instanceof Table table)) {
            throw new BadInput(Data.FIELD, "must hold text");
        }
        var texts = table.texts(0);
        for (int row = 0; row < texts.length; row++) {
            if (texts[row].equals(Elements.Texts.MISSING)) {
                throw new BadInput(Data.FIELD, "must hold a text in row %d".formatted(row));
            }
        }
        return texts;
    }

    /** Places that are collected in any order, and written sorted, each once. */
    private static final class Places implements Analyzer.Sink {
        private final Map<String, Integer> vocabulary;
        private int[] found = new int[64];
        private int count;

        Places(Map<String, Integer> vocabulary) {
            this.vocabulary = vocabulary;
        }

        @Override
        public void take(String run) {
            var place = vocabulary.get(run);
            if (place != null) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, 2 * count);
                }
                found[count++] = place;
            }
        }

        void write(SparseRows out, boolean binary) {
            Arrays.sort(found, 0, count);
            for (int i = 0, next; i < count; i = next) {
                next = i + 1;
                while (next < count && found[next] == found[i]) {
                    next++;
                }
                out.add(found[i], binary ? 1 : next - i);
            }
            out.endRow();
            count = 0;
        }
    }

    /**
     * Counts the words of a vocabulary.
     *
     * @param binary one, however often a word occurs
     */
    record Counted(
            Analyzer analyzer, Map<String, Integer> vocabulary, int columnsOut, boolean binary)
            implements OfTexts {
        @Override
        public Data apply(Data rows) throws BadInput {
            var texts = texts(rows);
            var out = new SparseRows(columnsOut, texts.length);
            var places = new Places(vocabulary);
            var effort = new Effort();
            for (var text : texts) {
                analyzer.analyze(text, places, effort);
                places.write(out, binary);
            }
            return out.done();
        }
    }

    /** Hashes that are collected as place and sign, and written sorted, each place once. */
    private static final class Hashes implements Analyzer.Sink {
        private final int columns;
        private final boolean signs;

        /** The place above, whether it counts down below. */
        private long[] found = new long[64];

        private int count;

        Hashes(int columns, boolean signs) {
            this.columns = columns;
            this.signs = signs;
        }

        @Override
        public void take(String run) {
            int hash = Murmur3.hash(run.getBytes(StandardCharsets.UTF_8));
            int place = (int) (Math.abs((long) hash) % columns);
            if (count == found.length) {
                found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] = (long) place << 1 | (signs && hash < 0 ? 1 : 0);
        }

        void write(SparseRows out, boolean binary) {
            Arrays.sort(found, 0, count);
            for (int i = 0; i < count; ) {
                long place = found[i] >> 1;
                int sum = 0;
                for (; i < count && found[i] >> 1 == place; i++) {
                    sum += (found[i] & 1) == 0 ? 1 : -1;
                }
                out.add((int) place, binary ? 1 : sum);
            }
            out.endRow();
            count = 0;
        }
    }

    /** Counts at the place that a word's hash names, up or down by the hash's sign. */
    record Hashed(Analyzer analyzer, int columnsOut, boolean signs, boolean binary)
            implements OfTexts {
        @Override
        public Data apply(Data rows) throws BadInput {
            var texts = texts(rows);
            var out = new SparseRows(columnsOut, texts.length);
            var hashes = new Hashes(columnsOut, signs);
            var effort = new Effort();
            for (var text : texts) {
                analyzer.analyze(text, hashes, effort);
                hashes.write(out, binary);
            }
            return out.done();
        }
    }
}
