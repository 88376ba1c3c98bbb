package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import java.util.Arrays;

/**
 * Some of the columns, as they come: what a selector found worth keeping.
 *
 * @param columns ascending
 */
record Chosen(int columnsIn, int[] columns, Accepts accepts) implements Step {
    @Override
    public int columnsOut() {
        return columns.length;
    }

    @Override
    public int handsOn(int column) {
        return Math.max(-1, Arrays.binarySearch(columns, column));
    }

    @Override
    public boolean givesSparse(boolean given) {
        return given;
    }

    @Override
    public Data apply(Data rows) throws BadInput {
        return rows instanceof Sparse sparse ? of(sparse) : Columns.of(rows, columns);
    }

    /** Among a million columns a row has few: each is looked for by halves. */
    private Sparse of(Sparse rows) {
        var chosen = new SparseRows(columns.length, rows.rows());
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = rows.starts()[row]; i < rows.starts()[row + 1]; i++) {
                int place = Arrays.binarySearch(columns, rows.positions()[i]);
                if (place >= 0) {
                    chosen.add(place, rows.values()[i]);
                }
            }
            chosen.endRow();
        }
        return chosen.done();
    }
}
