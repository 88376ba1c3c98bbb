package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** What becomes of a step's numbers afterwards. */
record Then(Step first, int columnsOut, After after) implements Step {

    @FunctionalInterface
    interface After {
        /** May reuse the array of what it is given. */
        Matrix of(Matrix found) throws BadInput;
    }

    /** The place of the class that each row's scores choose. */
    static Then choosing(Step scores, Choice choice) {
        return new Then(scores, 1, found -> places(choice.of(found)));
    }

    static Then nearest(Step distances) {
        return new Then(distances, 1, found -> places(Choice.lowest(found)));
    }

    static Then linked(Step scores, Link link) {
        return new Then(scores, Math.max(2, scores.columnsOut()), link::probabilities);
    }

    /** Each row's numbers through a function of its own. */
    static Then rowwise(Step first, int columnsOut, RowStep.RowFunction function) {
        return new Then(
                first, columnsOut, new RowStep(first.columnsOut(), columnsOut, function)::apply);
    }

    private static Matrix places(int[] chosen) {
        var values = new double[chosen.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = chosen[i];
        }
        return new Matrix(values.length, 1, values);
    }

    @Override
    public int columnsIn() {
        return first.columnsIn();
    }

    @Override
    public Takes takes(int column) {
        return first.takes(column);
    }

    @Override
    public boolean takesDocuments() {
        return first.takesDocuments();
    }

    @Override
    public Step behindSparse() {
        return new Then(first.behindSparse(), columnsOut, after);
    }

    @Override
    public Accepts accepts() {
        return first.accepts();
    }

    @Override
    public Matrix apply(Data rows) throws BadInput {
        Data.room(rows.rows(), columnsOut);
        return after.of(first.apply(rows).dense());
    }
}
