package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** Some of the columns, as they come: what a selector found worth keeping. */
record Chosen(int columnsIn, int[] columns, Accepts accepts) implements Step {
    @Override
    public int columnsOut() {
        return columns.length;
    }

    @Override
    public int handsOn(int column) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] == column) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean givesSparse(boolean given) {
        return given;
    }

    @Override
    public Data apply(Data rows) throws BadInput {
        return Columns.of(rows, columns);
    }
}
