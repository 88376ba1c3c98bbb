package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** A step from numbers to numbers. Rows that are mostly zeros are written out for it. */
interface NumericStep extends Step {
    /** Gives as many rows as it takes, in an array of its own. */
    Matrix apply(Matrix rows) throws BadInput;

    @Override
    default Data apply(Data rows) throws BadInput {
        Data.room(rows.rows(), columnsOut());
        return apply(rows.dense());
    }
}
