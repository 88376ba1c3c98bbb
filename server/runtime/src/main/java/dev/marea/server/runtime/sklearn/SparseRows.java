package dev.marea.server.runtime.sklearn;

import java.util.Arrays;

/** Writes sparse rows, one after another. */
final class SparseRows {
    private static final int FIRST_ROOM = 16;

    private final int columns;
    private final int[] starts;
    private int[] positions = new int[FIRST_ROOM];
    private double[] values = new double[FIRST_ROOM];
    private int row;
    private int count;

    SparseRows(int columns, int rows) {
        this.columns = columns;
        this.starts = new int[rows + 1];
    }

    void add(int position, double value) {
        if (count == positions.length) {
            int room = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * count);
            positions = Arrays.copyOf(positions, room);
            values = Arrays.copyOf(values, room);
        }
        positions[count] = position;
        values[count++] = value;
    }

    /** Adds a row of others, moved to the right. */
    void add(Data rows, int from, int shift) {
        switch (rows) {
            case Sparse sparse -> {
                for (int i = sparse.starts()[from]; i < sparse.starts()[from + 1]; i++) {
                    add(shift + sparse.positions()[i], sparse.values()[i]);
                }
            }
            case Matrix matrix -> {
                for (int column = 0; column < matrix.columns(); column++) {
                    double value = matrix.at(from, column);
                    if (value != 0) {
                        add(shift + column, value);
                    }
                }
            }
            case Table _ -> throw new IllegalArgumentException("text among numbers");
        }
    }

    void endRow() {
        starts[++row] = count;
    }

    Sparse done() {
        return new Sparse(
                columns, starts, Arrays.copyOf(positions, count), Arrays.copyOf(values, count));
    }
}
