package dev.marea.server.runtime.lightgbm;

import java.util.HashSet;
import java.util.List;

/**
 * A trained LightGBM model: rows of numbers in, what its {@code predict} gives out. Thread-safe.
 */
public final class Booster {
    private final Header header;
    private final Forest forest;
    private final int iterations;
    private final Categories categories;

    Booster(Header header, Forest forest, int iterations, Categories categories) {
        this.header = header;
        this.forest = forest;
        this.iterations = iterations;
        this.categories = categories;
    }

    /** Reads a model's text; memory stays within a small multiple of it. */
    public static Booster read(byte[] utf8) throws BadModel {
        return BoosterReader.read(utf8);
    }

    /**
     * This model as its first iterations, as the Python library asks one that was stopped early.
     *
     * @param best how many; 0 or less means all
     */
    public Booster first(int best) {
        return best <= 0 || best >= iterations
                ? this
                : new Booster(header, forest, best, categories);
    }

    /** Numbers of a row. */
    public int columns() {
        return header.features();
    }

    /** Answers of a row: classes, or 1. */
    public int width() {
        return header.groups();
    }

    /** The names of a row's columns; empty if two share one. */
    public List<String> names() {
        return new HashSet<>(header.names()).size() == header.features()
                ? header.names()
                : List.of();
    }

    public Categories categories() {
        return categories;
    }

    String version() {
        return header.version();
    }

    String objective() {
        return header.objectiveName();
    }

    public int iterations() {
        return iterations;
    }

    /** Bytes that it holds in memory. */
    public long bytes() {
        return forest.bytes();
    }

    /** What the trees add up to, before the objective has its say; classes side by side. */
    public double[] sums(double[] rows, int count) {
        var sums = forest.sums(rows, count, header.groups(), iterations * header.groups());
        if (header.average()) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] /= iterations;
            }
        }
        return sums;
    }

    /** What {@code Booster.predict} gives. */
    public double[] predict(double[] rows, int count) {
        var answers = sums(rows, count);
        header.objective().convert(answers, header.groups());
        return answers;
    }
}
