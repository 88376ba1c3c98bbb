package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import java.util.ArrayList;
import java.util.Arrays;

/** Choosing columns of rows. */
final class Columns {
    private Columns() {}

    static Data of(Data rows, int[] wanted) throws BadInput {
        return switch (rows) {
            case Matrix matrix -> of(matrix, wanted);
            case Sparse sparse -> of(sparse, wanted);
            case Table table -> {
                var cells = new ArrayList<Table.Column>(wanted.length);
                for (int column : wanted) {
                    cells.add(table.cells().get(column));
                }
                var chosen = new Table(table.rows(), cells);
                yield chosen.isNumeric() ? chosen.dense() : chosen;
            }
        };
    }

    static Matrix of(Matrix rows, int[] wanted) {
        var out = new double[Math.multiplyExact(rows.rows(), wanted.length)];
        int at = 0;
        for (int row = 0; row < rows.rows(); row++) {
            for (int column : wanted) {
                out[at++] = rows.at(row, column);
            }
        }
        return new Matrix(rows.rows(), wanted.length, out);
    }

    /** Where each column goes is looked up; one that is chosen twice makes the rows dense. */
    private static Data of(Sparse rows, int[] wanted) throws BadInput {
        var places = places(rows.columns(), wanted);
        if (places.length == 0) {
            return of(rows.dense(), wanted);
        }
        var starts = new int[rows.rows() + 1];
        var positions = new int[rows.positions().length];
        var values = new double[positions.length];
        int at = 0;
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = rows.starts()[row]; i < rows.starts()[row + 1]; i++) {
                int place = places[rows.positions()[i]];
                if (place >= 0) {
                    positions[at] = place;
                    values[at++] = rows.values()[i];
                }
            }
            starts[row + 1] = at;
        }
        return new Sparse(
                wanted.length, starts, Arrays.copyOf(positions, at), Arrays.copyOf(values, at));
    }

    private static int[] places(int columns, int[] wanted) {
        var places = new int[columns];
        Arrays.fill(places, -1);
        for (int place = 0; place < wanted.length; place++) {
            if (places[wanted[place]] >= 0) {
                return new int[0];
            }
            places[wanted[place]] = place;
        }
        return places;
    }
}
