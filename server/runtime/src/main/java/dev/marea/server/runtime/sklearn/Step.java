package dev.marea.server.runtime.sklearn;

/** A function of rows, fixed at load: a scaler, a linear map, a forest's vote. Thread-safe. */
interface Step {
    int columnsIn();

    int columnsOut();

    default Accepts accepts() {
        return Accepts.FINITE;
    }

    /** Gives as many rows as it takes, in an array of its own. */
    Matrix apply(Matrix rows);
}
