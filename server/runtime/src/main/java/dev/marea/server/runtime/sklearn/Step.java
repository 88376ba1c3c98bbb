package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/**
 * A function of rows, fixed at load: a scaler, a vectoriser, a forest's vote. Thread-safe. Most are
 * a {@link NumericStep}.
 */
interface Step {
    /** What {@link #columnsIn} says of a step that takes any number and does not know it yet. */
    int OPEN = -1;

    int columnsIn();

    int columnsOut();

    /** What it takes in a column; a numeric step takes numbers in all. */
    default Takes takes(int column) {
        return Takes.NUMBERS;
    }

    /** What it gives in a column. */
    default Takes gives(int column) {
        return Takes.NUMBERS;
    }

    /** The column that gives what came in this one, as it came; -1 if none does. */
    default int handsOn(int column) {
        return -1;
    }

    /** This step for a number of columns, if it was {@link #OPEN}. */
    default Step sized(int columns) {
        return this;
    }

    /** Whether it takes texts by themselves, where others take a column of them. */
    default boolean takesDocuments() {
        return false;
    }

    /** Whether columns that came by their names stay apart, though all are numbers. */
    default boolean keepsColumns() {
        return false;
    }

    /** Which numbers it takes. Whoever calls {@link #apply} has checked. */
    default Accepts accepts() {
        return Accepts.FINITE;
    }

    /**
     * Whether the library's rows are sparse behind this step, whatever ours are: to XGBoost a zero
     * that is not there is a missing value.
     *
     * @param given whether they are before it
     */
    default boolean givesSparse(boolean given) {
        return false;
    }

    /** The same for rows that are sparse in the library. */
    default Step behindSparse() {
        return this;
    }

    /** Whether what comes out has no NaN, though NaN came in. */
    default boolean fillsMissing() {
        return false;
    }

    /**
     * Gives as many rows as it takes; neither changes the other.
     *
     * @param rows of {@link #columnsIn} columns, of the types that it takes
     */
    Data apply(Data rows) throws BadInput;

    /** As {@link #apply}, for rows that another step made and nobody has checked. */
    default Data then(Data rows) throws BadInput {
        accepts().check(rows, Data.FIELD);
        return apply(rows);
    }
}
