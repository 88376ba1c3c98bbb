package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** A numeric step that need not see the zeros: a linear map, a naive Bayes. */
interface SparseStep extends NumericStep {
    Data apply(Sparse rows) throws BadInput;

    @Override
    default boolean givesSparse(boolean given) {
        return given;
    }

    @Override
    default Data apply(Data rows) throws BadInput {
        if (rows instanceof Sparse sparse) {
            return apply(sparse);
        }
        return NumericStep.super.apply(rows);
    }
}
