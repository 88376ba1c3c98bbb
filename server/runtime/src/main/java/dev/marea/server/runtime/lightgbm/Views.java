package dev.marea.server.runtime.lightgbm;

/**
 * Lays a row down so that every split decides by one {@code <=}: once with each value as it is, and
 * once more for each kind of split that treats some values as missing and sends them to a side of
 * its own. -∞ goes left of every threshold, NaN right of it.
 *
 * @param features of a row
 * @param starts where each kind's values begin, by its place; -1 where no split is of that kind
 * @param width numbers of a row laid down; the last is -∞
 */
record Views(int features, int[] starts, int width) {
    /** LightGBM takes smaller numbers for zero. */
    private static final double ZERO = 1e-35f;

    /** How a split wants to see missing values. */
    enum Kind {
        /** As they are: NaN goes right. */
        PLAIN(0),
        NAN_LEFT(1),
        ZERO_AND_NAN_RIGHT(2),
        ZERO_AND_NAN_LEFT(3);

        static final int COUNT = 4;

        /** Its place in {@link Views#starts}. */
        final int place;

        Kind(int place) {
            this.place = place;
        }
    }

    /** The column of -∞. */
    int lowest() {
        return width - 1;
    }

    int column(Kind kind, int feature) {
        return starts[kind.place] + feature;
    }

    void lay(double[] rows, int row, int count, double[] block) {
        for (int i = 0; i < count; i++) {
            lay(rows, (row + i) * features, block, i * width);
        }
    }

    private void lay(double[] rows, int from, double[] block, int to) {
        for (int i = 0; i < features; i++) {
            double value = rows[from + i];
            block[to + i] = Math.abs(value) <= ZERO ? 0 : value;
        }
        int start = starts[Kind.NAN_LEFT.place];
        if (start >= 0) {
            for (int i = 0; i < features; i++) {
                double value = block[to + i];
                block[to + start + i] = Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
            }
        }
        layZero(Kind.ZERO_AND_NAN_RIGHT, Double.NaN, block, to);
        layZero(Kind.ZERO_AND_NAN_LEFT, Double.NEGATIVE_INFINITY, block, to);
        block[to + lowest()] = Double.NEGATIVE_INFINITY;
    }

    private void layZero(Kind kind, double missing, double[] block, int to) {
        int start = starts[kind.place];
        if (start < 0) {
            return;
        }
        for (int i = 0; i < features; i++) {
            double value = block[to + i];
            block[to + start + i] = value == 0 || Double.isNaN(value) ? missing : value;
        }
    }
}
