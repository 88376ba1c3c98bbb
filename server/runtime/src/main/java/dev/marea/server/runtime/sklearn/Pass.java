package dev.marea.server.runtime.sklearn;

/** Hands on what it gets. */
record Pass(int columnsIn) implements Step {
    @Override
    public int columnsOut() {
        return columnsIn;
    }

    @Override
    public Step sized(int columns) {
        return columnsIn == OPEN ? new Pass(columns) : this;
    }

    @Override
    public Takes takes(int column) {
        return Takes.EITHER;
    }

    @Override
    public Takes gives(int column) {
        return Takes.EITHER;
    }

    @Override
    public int handsOn(int column) {
        return column;
    }

    @Override
    public boolean givesSparse(boolean given) {
        return given;
    }

    @Override
    public Accepts accepts() {
        return Accepts.ANYTHING;
    }

    @Override
    public Data apply(Data rows) {
        return rows;
    }
}
