package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import java.util.List;

/** Columns that each have a type of their own, as a data frame has them; known by position. */
record Table(int rows, List<Column> cells) implements Data {
    Table {
        cells = List.copyOf(cells);
        for (var column : cells) {
            if (column.rows() != rows) {
                throw new IllegalArgumentException("columns differ in length");
            }
        }
    }

    sealed interface Column {
        int rows();
    }

    /** A missing number is NaN. */
    record Numbers(double[] values) implements Column {
        @Override
        public int rows() {
            return values.length;
        }
    }

    /** A missing text is {@link dev.marea.server.runtime.Elements.Texts#MISSING}. */
    record Texts(String[] values) implements Column {
        @Override
        public int rows() {
            return values.length;
        }
    }

    @Override
    public int columns() {
        return cells.size();
    }

    @Override
    public Matrix dense() throws BadInput {
        int columns = columns();
        Data.room(rows, columns);
        var out = new double[rows * columns];
        for (int column = 0; column < columns; column++) {
            var numbers = numbers(column);
            for (int row = 0; row < rows; row++) {
                out[row * columns + column] = numbers[row];
            }
        }
        return new Matrix(rows, columns, out);
    }

    boolean isNumeric() {
        for (var column : cells) {
            if (!(column instanceof Numbers)) {
                return false;
            }
        }
        return true;
    }

    double[] numbers(int column) throws BadInput {
        return switch (cells.get(column)) {
            case Numbers(var values) -> values;
            case Texts _ ->
                    throw new BadInput(FIELD, "must hold numbers in column %d".formatted(column));
        };
    }

    String[] texts(int column) throws BadInput {
        return switch (cells.get(column)) {
            case Texts(var values) -> values;
            case Numbers _ ->
                    throw new BadInput(FIELD, "must hold text in column %d".formatted(column));
        };
    }
}
