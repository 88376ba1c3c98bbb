package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.xgboost.Booster;
import java.util.Arrays;

/**
 * XGBoost's booster as a step.
 *
 * @param trees how many of them answer: early stopping leaves some that do not
 * @param missing the number that stands for a missing value, beside NaN
 */
record BoosterStep(Booster booster, int trees, float missing, boolean margins) implements Step {
    @Override
    public int columnsIn() {
        return booster.columns();
    }

    @Override
    public int columnsOut() {
        return margins ? booster.outputs() : booster.answers();
    }

    @Override
    public Takes takes(int column) {
        return booster.namesCategories(column) ? Takes.EITHER : Takes.NUMBERS;
    }

    @Override
    public Accepts accepts() {
        return Accepts.FLOAT_OR_NAN;
    }

    @Override
    public Matrix apply(Data rows) throws BadInput {
        Data.room(rows.rows(), Math.max(columnsIn(), booster.outputs()));
        var numbers = numbers(rows);
        var answers =
                margins
                        ? booster.margins(numbers, rows.rows(), trees)
                        : booster.predict(numbers, rows.rows(), trees);
        var out = new double[answers.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = answers[i];
        }
        return new Matrix(rows.rows(), columnsOut(), out);
    }

    private float[] numbers(Data rows) throws BadInput {
        var numbers =
                switch (rows) {
                    case Matrix(_, _, var values) -> cast(values);
                    case Sparse sparse -> gaps(sparse);
                    case Table table -> cells(table);
                };
        if (!Float.isNaN(missing)) {
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] == missing) {
                    numbers[i] = Float.NaN;
                }
            }
        }
        return numbers;
    }

    private float[] cells(Table table) throws BadInput {
        int columns = table.columns();
        var numbers = new float[table.rows() * columns];
        for (int column = 0; column < columns; column++) {
            var cells =
                    switch (table.cells().get(column)) {
                        case Table.Numbers(var values) -> cast(values);
                        case Table.Texts(var names) -> codes(column, names);
                    };
            for (int row = 0; row < cells.length; row++) {
                numbers[row * columns + column] = cells[row];
            }
        }
        return numbers;
    }

    /** Categories by their names. */
    private float[] codes(int column, String[] names) throws BadInput {
        var codes = new float[names.length];
        for (int row = 0; row < codes.length; row++) {
            if (names[row].equals(Elements.Texts.MISSING)) {
                codes[row] = Float.NaN;
                continue;
            }
            var code = booster.category(column, names[row]);
            if (code.isEmpty()) {
                throw new BadInput(
                        Data.FIELD,
                        "hold '%s' in row %d, column %d, a category that the model was not trained with"
                                .formatted(Texts.shown(names[row]), row, column));
            }
            codes[row] = code.getAsInt();
        }
        return codes;
    }

    private static float[] cast(double[] values) {
        var numbers = new float[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) values[i];
        }
        return numbers;
    }

    /** In sparse rows what is not there is missing, and not zero, as the library has it. */
    private static float[] gaps(Sparse rows) {
        var numbers = new float[rows.rows() * rows.columns()];
        Arrays.fill(numbers, Float.NaN);
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = rows.starts()[row]; i < rows.starts()[row + 1]; i++) {
                numbers[row * rows.columns() + rows.positions()[i]] = (float) rows.values()[i];
            }
        }
        return numbers;
    }
}
