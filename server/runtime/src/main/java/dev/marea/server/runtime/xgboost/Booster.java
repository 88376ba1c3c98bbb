package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.BoosterParts.LinearBody;
import dev.marea.server.runtime.xgboost.BoosterParts.TreeBody;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A trained booster, checked and ready to answer. It answers rows of single-precision numbers, in
 * which NaN is a missing value.
 */
public final class Booster {
    /** A block of rows stays within the fast caches. */
    private static final int BLOCK_ROWS_MAX = 64;

    private static final int BLOCK_NUMBERS_MAX = 1 << 14;

    private static final int COLUMNS_MAX = 1 << 26;
    private static final int OUTPUTS_MAX = 1 << 16;

    private final BoosterParts parts;
    private final Objective objective;
    private final float[] intercepts;
    private final Body body;

    private sealed interface Body {}

    private record TreesOf(Forest forest, int[] rounds, String kind) implements Body {}

    private record LinearOf(Linear linear) implements Body {}

    private Booster(BoosterParts parts, Objective objective, float[] intercepts, Body body) {
        this.parts = parts;
        this.objective = objective;
        this.intercepts = intercepts;
        this.body = body;
    }

    /** Reads a booster of any of XGBoost's formats from a part of a file's bytes. */
    public static Booster read(Path file, byte[] bytes, int from, int length) throws LoadFailure {
        return read(new ModelBytes(file, bytes, from, from + length));
    }

    static Booster read(ModelBytes source) throws LoadFailure {
        var parts = FileFormat.of(source).read(source);
        var file = source.file();
        checkSize(file, parts);
        var objective = Objective.of(file, parts.objective(), parts.version());
        var intercepts = intercepts(file, parts, objective);
        return new Booster(
                parts.withoutBody(),
                objective,
                intercepts,
                switch (parts.body()) {
                    case TreeBody trees -> trees(file, parts, trees);
                    case LinearBody(var weights) -> linear(file, parts, weights);
                });
    }

    private static void checkSize(Path file, BoosterParts parts) throws LoadFailure {
        int columns = parts.columns();
        int outputs = parts.outputs();
        if (columns < 1 || columns > COLUMNS_MAX || outputs < 1 || outputs > OUTPUTS_MAX) {
            throw new LoadFailure(
                    file,
                    "is for %d columns and %d outputs, at most %d and %d are served"
                            .formatted(columns, outputs, COLUMNS_MAX, OUTPUTS_MAX),
                    "save a trained model");
        }
        var names = parts.names();
        if (!names.isEmpty()
                && (names.size() != columns || new HashSet<>(names).size() != columns)) {
            throw new LoadFailure(
                    file,
                    "has %d feature_names for %d columns, or one of them twice"
                            .formatted(names.size(), columns),
                    "save the model again");
        }
    }

    private static float[] intercepts(Path file, BoosterParts parts, Objective objective)
            throws LoadFailure {
        var saved = parts.intercepts();
        if (saved.length != 1 && saved.length != parts.outputs()) {
            throw new LoadFailure(
                    file,
                    "has %d intercepts (base_score) for %d outputs"
                            .formatted(saved.length, parts.outputs()),
                    "save the model again");
        }
        var each = new float[parts.outputs()];
        for (int i = 0; i < each.length; i++) {
            each[i] = saved[saved.length == 1 ? 0 : i];
        }
        var margins = objective.margins(each);
        for (int i = 0; i < margins.length; i++) {
            if (!Float.isFinite(margins[i])) {
                throw new LoadFailure(
                        file,
                        "its intercept (base_score) %s does not fit the objective %s"
                                .formatted(each[i], objective.name()),
                        "save a trained model");
            }
        }
        return margins;
    }

    private static Body trees(Path file, BoosterParts parts, TreeBody body) throws LoadFailure {
        return new TreesOf(
                ForestBuilder.build(file, parts.columns(), parts.outputs(), body),
                body.rounds(),
                body.weights().length > 0 ? "dart" : "gbtree");
    }

    private static Body linear(Path file, BoosterParts parts, float[] weights) throws LoadFailure {
        long wanted = (parts.columns() + 1L) * parts.outputs();
        if (weights.length != wanted) {
            throw new LoadFailure(
                    file,
                    "has %d weights where %d columns and %d outputs need %d"
                            .formatted(weights.length, parts.columns(), parts.outputs(), wanted),
                    "save the model again");
        }
        return new LinearOf(new Linear(parts.columns(), parts.outputs(), weights));
    }

    /** Columns of a row. */
    public int columns() {
        return parts.columns();
    }

    /** Margins of a row: classes, targets, or one. */
    public int outputs() {
        return parts.outputs();
    }

    /** Numbers that {@link #predict} gives for a row. */
    public int answers() {
        return objective.joinsOutputs() ? 1 : parts.outputs();
    }

    public String objective() {
        return objective.name();
    }

    /** The columns' names; empty where the booster knows none. */
    public List<String> names() {
        return parts.names();
    }

    /** Whether the categories of a column have names, as those of a data frame do. */
    public boolean namesCategories(int column) {
        return !categories(column).isEmpty();
    }

    /** Whether those names are numbers. */
    public boolean numbersCategories(int column) {
        return categories(column).numeric();
    }

    /** The code of a category by its name; empty if the column has none of this name. */
    public OptionalInt category(int column, String name) {
        return categories(column).code(name);
    }

    public OptionalInt category(int column, float name) {
        return categories(column).code(name);
    }

    private Categories categories(int column) {
        return column < parts.categories().size()
                ? parts.categories().get(column)
                : Categories.NONE;
    }

    /** Free text of the user and of the training, such as best_iteration. */
    public Map<String, String> attributes() {
        return parts.attributes();
    }

    /** gbtree, dart or gblinear. */
    public String kind() {
        return switch (body) {
            case TreesOf trees -> trees.kind();
            case LinearOf _ -> "gblinear";
        };
    }

    /** All of its trees; 0 of a linear booster. */
    public int trees() {
        return switch (body) {
            case TreesOf(var forest, _, _) -> forest.count();
            case LinearOf _ -> 0;
        };
    }

    BoosterParts parts() {
        return parts;
    }

    long bytes() {
        return switch (body) {
            case TreesOf(var forest, _, _) -> forest.bytes();
            case LinearOf(var linear) -> 4L * linear.weights().length;
        };
    }

    /** Trees of the first rounds of training; all of them where there are fewer rounds. */
    public int treesOf(int rounds) {
        return switch (body) {
            case TreesOf(var forest, var ends, _) ->
                    rounds < ends.length ? ends[rounds] : forest.count();
            case LinearOf _ -> 0;
        };
    }

    /** What {@code Booster.predict} gives: probabilities, rates, or as the objective has it. */
    public float[] predict(float[] rows, int count) {
        return objective.answers(margins(rows, count, trees()), parts.outputs());
    }

    /** As {@link #predict}, by the first trees only. */
    public float[] predict(float[] rows, int count, int trees) {
        return objective.answers(margins(rows, count, trees), parts.outputs());
    }

    /** The sums of the first trees, for each row and output; what output_margin gives. */
    public float[] margins(float[] rows, int count, int trees) {
        int outputs = parts.outputs();
        var sums = new float[Math.multiplyExact(count, outputs)];
        switch (body) {
            case LinearOf(var linear) -> linear.margins(rows, count, intercepts, sums);
            case TreesOf(var forest, _, _) -> {
                for (int i = 0; i < sums.length; i += outputs) {
                    System.arraycopy(intercepts, 0, sums, i, outputs);
                }
                addTrees(forest, rows, count, trees, sums);
            }
        }
        return sums;
    }

    private void addTrees(Forest forest, float[] rows, int count, int trees, float[] sums) {
        int columns = parts.columns();
        int width = 2 * columns;
        int blockRows = Math.clamp(BLOCK_NUMBERS_MAX / width, 1, Math.min(BLOCK_ROWS_MAX, count));
        var block = new float[blockRows * width];
        for (int first = 0; first < count; first += blockRows) {
            int n = Math.min(blockRows, count - first);
            for (int row = 0; row < n; row++) {
                twice(rows, (first + row) * columns, columns, block, row * width);
            }
            int at = first * parts.outputs();
            forest.add(block, width, n, trees, sums, at, parts.outputs());
        }
    }

    /** A row as {@link Forest} wants it: gaps as +infinity, then the same with -infinity. */
    private static void twice(float[] rows, int from, int columns, float[] block, int to) {
        for (int i = 0; i < columns; i++) {
            float value = rows[from + i];
            boolean gap = Float.isNaN(value);
            block[to + i] = gap ? Float.POSITIVE_INFINITY : value;
            block[to + columns + i] = gap ? Float.NEGATIVE_INFINITY : value;
        }
    }
}
