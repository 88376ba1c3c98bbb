package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/**
 * The rows that a model was fitted on, and those among them that are near another. Every one is
 * looked at, whatever tree the library built; of rows equally far the earlier one is nearer.
 */
record Neighbours(Kept fitted) {

    /** Some of the fitted rows by place, the nearest first. */
    record Found(int count, int[] places, double[] distances) {
        /** The weight of each by its distance; one at no distance leaves others none. */
        double[] weights(boolean uniform) {
            var weights = new double[count];
            boolean touching = !uniform && count > 0 && distances[0] == 0;
            for (int i = 0; i < count; i++) {
                weights[i] =
                        uniform ? 1 : touching ? (distances[i] == 0 ? 1 : 0) : 1 / distances[i];
            }
            return weights;
        }
    }

    static Neighbours read(State state) throws LoadFailure {
        var fitted =
                Kept.read(state, "_fit_X", Metric.effective(state), () -> Metric.ofProducts(state));
        if (fitted.rows() < 1) {
            throw state.failure("_fit_X is empty");
        }
        return new Neighbours(fitted);
    }

    int columns() {
        return fitted.columns();
    }

    Found nearest(double[] in, int from, int count) {
        var places = new int[count];
        var distances = new double[count];
        int found = 0;
        double square = fitted.square(in, from);
        for (int row = 0; row < fitted.rows(); row++) {
            double distance = fitted.compare(in, from, square, row);
            if (found == count && !(distance < distances[found - 1])) {
                continue;
            }
            int at = found < count ? found++ : found - 1;
            while (at > 0 && distance < distances[at - 1]) {
                distances[at] = distances[at - 1];
                places[at] = places[at - 1];
                at--;
            }
            distances[at] = distance;
            places[at] = row;
        }
        return new Found(found, places, distances);
    }

    /** Those within a distance, in the order in which they were fitted; a touching one is first. */
    Found within(double[] in, int from, double radius) {
        int rows = fitted.rows();
        var places = new int[rows];
        var distances = new double[rows];
        int found = 0;
        double square = fitted.square(in, from);
        for (int row = 0; row < rows; row++) {
            double distance = fitted.compare(in, from, square, row);
            if (distance <= radius) {
                places[found] = row;
                distances[found] = distance;
                if (distance == 0 && distances[0] != 0) {
                    swap(places, distances, found);
                }
                found++;
            }
        }
        return new Found(found, places, distances);
    }

    private static void swap(int[] places, double[] distances, int with) {
        int place = places[0];
        places[0] = places[with];
        places[with] = place;
        double distance = distances[0];
        distances[0] = distances[with];
        distances[with] = distance;
    }
}
