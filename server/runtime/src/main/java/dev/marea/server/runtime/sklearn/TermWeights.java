package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.sklearn.Scalers.Norm;
import java.util.Optional;

/**
 * Counts of words as weights (tf-idf).
 *
 * @param sublinear the logarithm of a count instead of it
 * @param rarity by which a word's count is multiplied; empty for none
 * @param norm that brings each row to length one
 */
record TermWeights(int columnsIn, boolean sublinear, double[] rarity, Optional<Norm> norm)
        implements SparseStep {
    @Override
    public int columnsOut() {
        return columnsIn;
    }

    @Override
    public boolean givesSparse(boolean given) {
        return true;
    }

    @Override
    public Sparse apply(Sparse rows) {
        var values = rows.values().clone();
        for (int i = 0; i < values.length; i++) {
            double count = sublinear ? Math.log(values[i]) + 1 : values[i];
            values[i] = rarity.length == 0 ? count : count * rarity[rows.positions()[i]];
        }
        norm.ifPresent(n -> n.unitRows(rows.starts(), values));
        return rows.with(values);
    }

    @Override
    public Matrix apply(Matrix rows) throws BadInput {
        var sparse = new SparseRows(columnsIn, rows.rows());
        for (int row = 0; row < rows.rows(); row++) {
            sparse.add(rows, row, 0);
            sparse.endRow();
        }
        return apply(sparse.done()).dense();
    }
}
