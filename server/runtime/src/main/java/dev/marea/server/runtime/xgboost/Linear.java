package dev.marea.server.runtime.xgboost;

/**
 * A linear booster: a weight for each column and output, then a bias for each output. Gaps count
 * nothing.
 */
record Linear(int columns, int outputs, float[] weights) {

    void margins(float[] rows, int count, float[] intercepts, float[] sums) {
        int biases = columns * outputs;
        for (int row = 0; row < count; row++) {
            for (int k = 0; k < outputs; k++) {
                // The library takes the first intercept for all outputs.
                float sum = weights[biases + k] + intercepts[0];
                for (int column = 0; column < columns; column++) {
                    float value = rows[row * columns + column];
                    if (!Float.isNaN(value)) {
                        sum += value * weights[column * outputs + k];
                    }
                }
                sums[row * outputs + k] = sum;
            }
        }
    }
}
