package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.NdArray;
import java.util.Arrays;
import java.util.List;

/**
 * Since 1.4, histogram boosting codes its categories itself, by a column transformer of a fixed
 * form: the categorical columns first, coded by their place, then the others as they are.
 */
final class HistCategories {
    private HistCategories() {}

    /** The trees, behind the coding of the categories. */
    static Step before(State preprocessor, int columns, NumericStep trees) throws LoadFailure {
        var encoder =
                preprocessor
                        .items(preprocessor.items("transformers_").getFirst())
                        .orElse(List.of());
        if (encoder.size() != 3
                || !(encoder.get(2) instanceof NdArray chosen)
                || chosen.count() != columns) {
            throw preprocessor.failure("transformers_ must begin with the categories' encoder");
        }
        var coder = preprocessor.needPart(encoder.get(1), "the encoder");
        if (!areNumbers(coder)) {
            var transformer = Composites.columnTransformer(preprocessor);
            return new Pipeline.Chain(List.of(transformer.step(), trees));
        }
        var categories = categories(coder);
        var categorical = chosen.doubles();
        var order = order(preprocessor, categorical, categories.length);
        return new RowStep(
                columns,
                trees.columnsOut(),
                Accepts.ANYTHING,
                (in, from, out, to) -> {
                    var coded = new double[columns];
                    for (int j = 0; j < columns; j++) {
                        double value = in[from + order[j]];
                        coded[j] = j < categories.length ? place(categories[j], value) : value;
                    }
                    var answer = trees.apply(new Matrix(1, columns, coded));
                    System.arraycopy(answer.values(), 0, out, to, answer.columns());
                });
    }

    private static boolean areNumbers(State encoder) throws LoadFailure {
        for (var list : encoder.items("categories_")) {
            if (list instanceof NdArray array && !array.isNumeric()) {
                return false;
            }
        }
        return true;
    }

    private static double[][] categories(State encoder) throws LoadFailure {
        var lists = encoder.items("categories_");
        var categories = new double[lists.size()][];
        for (int j = 0; j < categories.length; j++) {
            if (!(lists.get(j) instanceof NdArray array) || !array.isNumeric()) {
                throw encoder.failure("categories_ must be arrays");
            }
            encoder.charge(array.count());
            categories[j] = array.doubles();
        }
        return categories;
    }

    private static int[] order(State preprocessor, double[] categorical, int count)
            throws LoadFailure {
        var order = new int[categorical.length];
        int first = 0;
        int rest = count;
        for (int j = 0; j < order.length; j++) {
            if (categorical[j] != 0 ? first >= count : rest >= order.length) {
                throw preprocessor.failure("categories_ is not of as many columns as are coded");
            }
            order[categorical[j] != 0 ? first++ : rest++] = j;
        }
        return order;
    }

    /** The place in the sorted categories; NaN for what is missing or not among them. */
    private static double place(double[] sorted, double value) {
        int found = Double.isNaN(value) ? -1 : Arrays.binarySearch(sorted, value + 0.0);
        return found < 0 ? Double.NaN : found;
    }
}
