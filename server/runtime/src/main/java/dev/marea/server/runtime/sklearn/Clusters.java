package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Clusterer;

/** Clusters around centres. */
final class Clusters {
    private Clusters() {}

    /** Euclidean distances to centres. */
    record Distances(Matrix centres) implements NumericStep {
        @Override
        public int columnsIn() {
            return centres.columns();
        }

        @Override
        public int columnsOut() {
            return centres.rows();
        }

        @Override
        public Matrix apply(Matrix rows) {
            int count = centres.rows();
            var out = new double[Math.multiplyExact(rows.rows(), count)];
            for (int row = 0; row < rows.rows(); row++) {
                for (int k = 0; k < count; k++) {
                    out[row * count + k] = distance(rows, row, k);
                }
            }
            return new Matrix(rows.rows(), count, out);
        }

        private double distance(Matrix rows, int row, int centre) {
            double sum = 0;
            for (int j = 0; j < centres.columns(); j++) {
                double apart = rows.at(row, j) - centres.at(centre, j);
                sum += apart * apart;
            }
            return Math.sqrt(sum);
        }
    }

    static Estimator kMeans(State state) throws LoadFailure {
        var centres = state.matrix("cluster_centers_");
        if (centres.rows() < 1 || state.rank("cluster_centers_") != 2) {
            throw state.failure("cluster_centers_ must be a table of centres");
        }
        return new Clusterer(new Distances(centres));
    }
}
