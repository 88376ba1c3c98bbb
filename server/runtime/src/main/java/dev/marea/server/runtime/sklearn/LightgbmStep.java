package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.lightgbm.Booster;

/**
 * LightGBM's trees. Columns by their names may hold categories as they are called; rows of numbers
 * hold their codes, as in Python.
 *
 * @param pair whether one probability a row becomes two
 */
record LightgbmStep(Booster booster, boolean pair) implements Step {
    @Override
    public int columnsIn() {
        return booster.columns();
    }

    @Override
    public int columnsOut() {
        return pair ? 2 : booster.width();
    }

    @Override
    public Takes takes(int column) {
        return booster.categories().isText(column) ? Takes.EITHER : Takes.NUMBERS;
    }

    @Override
    public boolean keepsColumns() {
        return !booster.categories().isEmpty();
    }

    @Override
    public Accepts accepts() {
        return Accepts.ANYTHING;
    }

    @Override
    public Matrix apply(Data rows) throws BadInput {
        Data.room(rows.rows(), columnsOut());
        var numbers = rows instanceof Table table ? coded(table) : rows.dense().values();
        var answers = booster.predict(numbers, rows.rows());
        return new Matrix(rows.rows(), columnsOut(), pair ? paired(answers) : answers);
    }

    private double[] coded(Table table) throws BadInput {
        int columns = table.columns();
        Data.room(table.rows(), columns);
        var out = new double[table.rows() * columns];
        for (int column = 0; column < columns; column++) {
            var codes = codes(table.cells().get(column), column);
            for (int row = 0; row < codes.length; row++) {
                out[row * columns + column] = codes[row];
            }
        }
        return out;
    }

    private double[] codes(Table.Column cells, int column) throws BadInput {
        var names = booster.names();
        var field = names.isEmpty() ? "column " + column : names.get(column);
        return switch (cells) {
            case Table.Texts(var texts) -> booster.categories().codes(column, field, texts);
            case Table.Numbers(var numbers) -> booster.categories().codes(column, field, numbers);
        };
    }

    private static double[] paired(double[] seconds) {
        var both = new double[2 * seconds.length];
        for (int row = 0; row < seconds.length; row++) {
            both[2 * row] = 1 - seconds[row];
            both[2 * row + 1] = seconds[row];
        }
        return both;
    }
}
