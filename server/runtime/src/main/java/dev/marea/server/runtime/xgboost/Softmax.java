package dev.marea.server.runtime.xgboost;

/** Several margins of a row against one another. */
final class Softmax {
    private Softmax() {}

    /** In place; the sum is kept in double precision, as the library does. */
    static void probabilities(float[] margins, int outputs) {
        for (int row = 0; row < margins.length; row += outputs) {
            int end = row + outputs;
            float highest = margins[row];
            for (int k = row + 1; k < end; k++) {
                highest = Math.max(highest, margins[k]);
            }
            double sum = 0;
            for (int k = row; k < end; k++) {
                margins[k] = (float) Math.exp(margins[k] - highest);
                sum += margins[k];
            }
            float whole = (float) sum;
            for (int k = row; k < end; k++) {
                margins[k] /= whole;
            }
        }
    }

    /** The place of the first of the highest, one number a row. */
    static float[] highest(float[] margins, int outputs) {
        var chosen = new float[margins.length / outputs];
        for (int row = 0; row < chosen.length; row++) {
            int from = row * outputs;
            int best = 0;
            for (int k = 1; k < outputs; k++) {
                if (margins[from + k] > margins[from + best]) {
                    best = k;
                }
            }
            chosen[row] = best;
        }
        return chosen;
    }
}
