package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** Rows on their way through a pipeline: numbers, mostly zeros, or columns of different types. */
sealed interface Data permits Matrix, Sparse, Table {
    /** 512 MiB of numbers: a small request must not become a large table, nor a large answer. */
    long DENSE_MAX = 1L << 26;

    /** What a refusal names where the request's own tensor is no longer known. */
    String FIELD = "inputs";

    int rows();

    int columns();

    /** All of it as numbers, every zero in its place. */
    Matrix dense() throws BadInput;

    /** Refuses a table that would not fit, before it is made. */
    static void room(int rows, int columns) throws BadInput {
        long most = DENSE_MAX / Math.max(columns, 1);
        if (rows > most) {
            throw new BadInput(
                    FIELD,
                    "may have at most %d rows where a step makes %d columns of them (%d numbers), has %d"
                            .formatted(most, columns, DENSE_MAX, rows));
        }
    }
}
