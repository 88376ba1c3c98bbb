package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Steps side by side: each takes some of the columns, and what they give is joined in a row.
 *
 * @param sparse whether the library's rows are
 */
record Union(Takes[] kinds, List<Part> parts, int columnsOut, boolean sparse) implements Step {
    /**
     * One of the steps.
     *
     * @param columns that it takes
     * @param weight by which its numbers are multiplied
     */
    record Part(int[] columns, Step step, double weight) {
        Data of(Data rows) throws BadInput {
            boolean all = isEvery(rows.columns());
            var out = step.then(all ? rows : Columns.of(rows, columns));
            return weight == 1 ? out : weighted(out);
        }

        private boolean isEvery(int count) {
            if (columns.length != count) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                if (columns[i] != i) {
                    return false;
                }
            }
            return true;
        }

        private Data weighted(Data rows) throws BadInput {
            return switch (rows) {
                case Sparse sparse -> sparse.with(weighted(sparse.values()));
                case Matrix _, Table _ -> {
                    var numbers = rows.dense();
                    yield new Matrix(numbers.rows(), numbers.columns(), weighted(numbers.values()));
                }
            };
        }

        private double[] weighted(double[] values) {
            var out = new double[values.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = values[i] * weight;
            }
            return out;
        }
    }

    Union {
        parts = List.copyOf(parts);
    }

    @Override
    public int columnsIn() {
        return kinds.length;
    }

    @Override
    public Takes takes(int column) {
        return kinds[column];
    }

    @Override
    public Takes gives(int column) {
        int first = 0;
        for (var part : parts) {
            int width = part.step().columnsOut();
            if (column < first + width) {
                return part.step().gives(column - first);
            }
            first += width;
        }
        throw new IndexOutOfBoundsException(column);
    }

    @Override
    public int handsOn(int column) {
        int first = 0;
        for (var part : parts) {
            for (int i = 0; i < part.columns().length; i++) {
                int place = part.columns()[i] == column ? part.step().handsOn(i) : -1;
                if (place >= 0) {
                    return first + place;
                }
            }
            first += part.step().columnsOut();
        }
        return -1;
    }

    @Override
    public boolean takesDocuments() {
        return kinds.length == 1 && parts.stream().anyMatch(p -> p.step().takesDocuments());
    }

    /** Each step checks its own columns. */
    @Override
    public Accepts accepts() {
        return Accepts.ANYTHING;
    }

    @Override
    public boolean givesSparse(boolean given) {
        return sparse;
    }

    @Override
    public boolean fillsMissing() {
        return true;
    }

    @Override
    public Data apply(Data rows) throws BadInput {
        var made = new ArrayList<Data>(parts.size());
        boolean anySparse = false;
        boolean table = false;
        for (var part : parts) {
            var out = part.of(rows);
            anySparse |= out instanceof Sparse;
            table |= out instanceof Table;
            made.add(out);
        }
        if (table) {
            return table(rows.rows(), made);
        }
        return anySparse ? sparse(rows.rows(), made) : dense(rows.rows(), made);
    }

    private Matrix dense(int rows, List<Data> made) throws BadInput {
        Data.room(rows, columnsOut);
        var out = new double[rows * columnsOut];
        int first = 0;
        for (var part : made) {
            var block = part.dense();
            for (int row = 0; row < rows; row++) {
                System.arraycopy(
                        block.values(),
                        row * block.columns(),
                        out,
                        row * columnsOut + first,
                        block.columns());
            }
            first += block.columns();
        }
        return new Matrix(rows, columnsOut, out);
    }

    private Sparse sparse(int rows, List<Data> made) {
        var joined = new SparseRows(columnsOut, rows);
        for (int row = 0; row < rows; row++) {
            int first = 0;
            for (var part : made) {
                joined.add(part, row, first);
                first += part.columns();
            }
            joined.endRow();
        }
        return joined.done();
    }

    private static Table table(int rows, List<Data> made) throws BadInput {
        var cells = new ArrayList<Table.Column>();
        for (var part : made) {
            if (part instanceof Table table) {
                cells.addAll(table.cells());
                continue;
            }
            var block = part.dense();
            for (int column = 0; column < block.columns(); column++) {
                var numbers = new double[rows];
                for (int row = 0; row < rows; row++) {
                    numbers[row] = block.at(row, column);
                }
                cells.add(new Table.Numbers(numbers));
            }
        }
        return new Table(rows, cells);
    }

    @Override
    public String toString() {
        return "Union" + Arrays.toString(kinds) + parts;
    }
}
