package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.xgboost.Booster;

/**
 * XGBoost's booster as a step.
 *
 * @param trees how many of them answer: early stopping leaves some that do not
 * @param margins whether it gives sums instead of answers
 * @param missing the number that stands for a missing value, beside NaN
 * @param zerosMissing whether the library's rows are sparse: their zeros are not there
 */
record BoosterStep(Booster booster, int trees, float missing, boolean margins, boolean zerosMissing)
        implements Step {
    BoosterStep(Booster booster, int trees, float missing, boolean margins) {
        this(booster, trees, missing, margins, false);
    }

    @Override
    public Step behindSparse() {
        return new BoosterStep(booster, trees, missing, margins, true);
    }

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
    public boolean keepsColumns() {
        for (int column = 0; column < booster.columns(); column++) {
            if (booster.numbersCategories(column)) {
                return true;
            }
        }
        return false;
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
                    case Sparse sparse -> cast(sparse.dense().values());
                    case Table table -> cells(table);
                };
        forget(numbers, missing);
        if (zerosMissing) {
            forget(numbers, 0);
        }
        return numbers;
    }

    private static void forget(float[] numbers, float missing) {
        if (Float.isNaN(missing)) {
            return;
        }
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] == missing) {
                numbers[i] = Float.NaN;
            }
        }
    }

    private float[] cells(Table table) throws BadInput {
        int columns = table.columns();
        var numbers = new float[table.rows() * columns];
        for (int column = 0; column < columns; column++) {
            var cells =
                    switch (table.cells().get(column)) {
                        case Table.Numbers(var values) -> BoosterColumn.of(booster, column, values);
                        case Table.Texts(var names) -> BoosterColumn.of(booster, column, names);
                    };
            for (int row = 0; row < cells.length; row++) {
                numbers[row * columns + column] = cells[row];
            }
        }
        return numbers;
    }

    private static float[] cast(double[] values) {
        var numbers = new float[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) values[i];
        }
        return numbers;
    }
}
