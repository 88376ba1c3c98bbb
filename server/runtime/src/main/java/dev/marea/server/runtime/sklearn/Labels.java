package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;

/** LabelBinarizer and LabelEncoder served by themselves: labels in, their codes out. */
final class Labels {
    private Labels() {}

    /**
     * A label as a row.
     *
     * @param rows what each label gives; the last is for one that was not seen
     */
    record Coded(Categories categories, Matrix rows, boolean refuses) implements Step {
        @Override
        public int columnsIn() {
            return 1;
        }

        @Override
        public int columnsOut() {
            return rows.columns();
        }

        @Override
        public Takes takes(int column) {
            return categories.takes();
        }

        @Override
        public boolean takesDocuments() {
            return true;
        }

        @Override
        public Data apply(Data labels) throws BadInput {
            int width = rows.columns();
            Data.room(labels.rows(), width);
            var codes = categories.codes(labels, 0);
            var out = new double[codes.length * width];
            for (int row = 0; row < codes.length; row++) {
                if (codes[row] == Categories.UNKNOWN && refuses) {
                    throw Categories.unknown(labels, row, 0);
                }
                int from = codes[row] < 0 ? rows.rows() - 1 : codes[row];
                System.arraycopy(rows.values(), from * width, out, row * width, width);
            }
            return new Matrix(codes.length, width, out);
        }
    }

    static Estimator encoder(State state) throws LoadFailure {
        var classes = Categories.one(state, "classes_");
        state.charge(classes.count() + 1L);
        var codes = new double[classes.count() + 1];
        for (int code = 0; code < codes.length; code++) {
            codes[code] = code;
        }
        return new Transformer(new Coded(classes, new Matrix(codes.length, 1, codes), true));
    }

    /** Of two labels one column tells; an unknown one is none of them. */
    static Estimator binarizer(State state) throws LoadFailure {
        var classes = Categories.one(state, "classes_");
        int count = classes.count();
        int width = count <= 2 ? 1 : count;
        double yes = state.number("pos_label");
        double no = state.number("neg_label");
        state.charge((count + 1L) * width);
        var rows = new double[Math.multiplyExact(count + 1, width)];
        for (int code = 0; code <= count; code++) {
            for (int k = 0; k < width; k++) {
                boolean is = width == 1 ? count == 2 && code == 1 : code == k;
                rows[code * width + k] = is ? yes : no;
            }
        }
        return new Transformer(new Coded(classes, new Matrix(count + 1, width, rows), false));
    }
}
