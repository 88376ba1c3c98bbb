package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.Arrays;

/** Each column as the values of the B-splines that lie about it. */
final class Splines {
    private static final int DEGREE_MAX = 64;

    private Splines() {}

    enum Beyond {
        ERROR,
        CONTINUE,
        CONSTANT,
        LINEAR,
        PERIODIC
    }

    /**
     * The splines of one column.
     *
     * @param knots ascending; the splines have {@code degree} of them beyond each end
     * @param count how many splines; where they are periodic, the first ones are also the last
     */
    record Basis(double[] knots, int degree, int count) {
        double least() {
            return knots[degree];
        }

        double most() {
            return knots[knots.length - degree - 1];
        }

        /** The values at a place; beyond the ends the outermost pieces go on. */
        void values(double x, double[] out, int to) {
            int piece = piece(x);
            add(pieceValues(x, piece, degree), piece, out, to);
        }

        /** The slopes at a place. */
        double[] slopes(double x) {
            int piece = piece(x);
            var lower = pieceValues(x, piece, degree - 1);
            var slopes = new double[degree + 1];
            for (int j = 0; j <= degree && degree > 0; j++) {
                int first = piece - degree + j;
                double rising = j == 0 ? 0 : lower[j - 1] / (knots[first + degree] - knots[first]);
                double falling =
                        j == degree ? 0 : lower[j] / (knots[first + degree + 1] - knots[first + 1]);
                slopes[j] = degree * (rising - falling);
            }
            var all = new double[count];
            add(slopes, piece, all, 0);
            return all;
        }

        private void add(double[] values, int piece, double[] out, int to) {
            for (int j = 0; j <= degree; j++) {
                out[to + (piece - degree + j) % count] += values[j];
            }
        }

        private int piece(double x) {
            int piece = degree;
            int last = knots.length - degree - 2;
            while (piece < last && x >= knots[piece + 1]) {
                piece++;
            }
            return piece;
        }

        /** Cox and de Boor: the splines of a degree that are not zero on this piece. */
        private double[] pieceValues(double x, int piece, int degree) {
            var values = new double[Math.max(degree, 0) + 1];
            values[0] = 1;
            for (int d = 1; d <= degree; d++) {
                double carried = 0;
                for (int j = 0; j < d; j++) {
                    double right = knots[piece + j + 1];
                    double left = knots[piece + j + 1 - d];
                    double share = right == left ? 0 : values[j] / (right - left);
                    values[j] = carried + share * (right - x);
                    carried = share * (x - left);
                }
                values[d] = carried;
            }
            return values;
        }
    }

    /**
     * @param bases one a column
     * @param last whether the last spline of each is given, too
     * @param missingIsZero whether NaN is taken, and all its splines are zero
     */
    record Curves(Basis[] bases, Beyond beyond, boolean last, boolean missingIsZero)
            implements NumericStep {
        @Override
        public int columnsIn() {
            return bases.length;
        }

        private int width(Basis basis) {
            return last ? basis.count() : basis.count() - 1;
        }

        @Override
        public int columnsOut() {
            return bases.length * width(bases[0]);
        }

        @Override
        public Accepts accepts() {
            return missingIsZero ? Accepts.FINITE_OR_NAN : Accepts.FINITE;
        }

        @Override
        public boolean fillsMissing() {
            return missingIsZero;
        }

        @Override
        public Matrix apply(Matrix rows) throws BadInput {
            int width = columnsOut();
            var out = new double[Math.multiplyExact(rows.rows(), width)];
            for (int column = 0; column < bases.length; column++) {
                var basis = bases[column];
                var all = new double[basis.count()];
                for (int row = 0; row < rows.rows(); row++) {
                    Arrays.fill(all, 0);
                    double x = rows.at(row, column);
                    if (!Double.isNaN(x)) {
                        one(basis, x, all, row, column);
                    }
                    System.arraycopy(
                            all, 0, out, row * width + column * width(basis), width(basis));
                }
            }
            return new Matrix(rows.rows(), width, out);
        }

        private void one(Basis basis, double x, double[] all, int row, int column) throws BadInput {
            double least = basis.least();
            double most = basis.most();
            boolean inside = x >= least && x <= most;
            if (inside || beyond == Beyond.CONTINUE) {
                basis.values(beyond == Beyond.PERIODIC ? wrapped(x, least, most) : x, all, 0);
                return;
            }
            double edge = x < least ? least : most;
            switch (beyond) {
                case ERROR ->
                        throw new BadInput(
                                Data.FIELD,
                                "must be between %s and %s, but row %d, column %d is %s"
                                        .formatted(least, most, row, column, x));
                case PERIODIC -> basis.values(wrapped(x, least, most), all, 0);
                case CONSTANT -> basis.values(edge, all, 0);
                case LINEAR -> {
                    basis.values(edge, all, 0);
                    var slopes = basis.slopes(edge);
                    for (int j = 0; j < all.length; j++) {
                        all[j] += (x - edge) * slopes[j];
                    }
                }
                case CONTINUE -> throw new IllegalStateException("done above");
            }
        }

        private static double wrapped(double x, double least, double most) {
            double period = most - least;
            if (!(period > 0)) {
                return 0;
            }
            double rest = (x - least) % period;
            return least + (rest < 0 ? rest + period : rest);
        }
    }

    static Estimator read(State state) throws LoadFailure {
        var beyond =
                switch (state.text("extrapolation").orElse("")) {
                    case "error" -> Beyond.ERROR;
                    case "continue" -> Beyond.CONTINUE;
                    case "constant" -> Beyond.CONSTANT;
                    case "linear" -> Beyond.LINEAR;
                    case "periodic" -> Beyond.PERIODIC;
                    default -> throw state.unsupported("this extrapolation");
                };
        var splines = state.items("bsplines_");
        if (splines.isEmpty()) {
            throw state.failure("bsplines_ is empty");
        }
        var bases = new Basis[splines.size()];
        for (int column = 0; column < bases.length; column++) {
            bases[column] = basis(state.needPart(splines.get(column), "a spline"), beyond);
            if (bases[column].count() != bases[0].count()) {
                throw state.failure("its columns have different numbers of splines");
            }
        }
        return new Transformer(
                new Curves(
                        bases,
                        beyond,
                        state.flag("include_bias", true),
                        state.text("handle_missing").orElse("error").equals("zeros")));
    }

    private static Basis basis(State spline, Beyond beyond) throws LoadFailure {
        var knots = spline.vector(spline.has("t") ? "t" : "_t");
        int degree = spline.size("k");
        int pieces = knots.length - degree - 1;
        int count = beyond == Beyond.PERIODIC ? pieces - degree : pieces;
        if (degree > DEGREE_MAX || count < 1 || pieces <= degree) {
            throw spline.failure(
                    "%d knots for splines of degree %d".formatted(knots.length, degree));
        }
        for (int i = 1; i < knots.length; i++) {
            if (!(knots[i] >= knots[i - 1])) {
                throw spline.failure("its knots do not ascend");
            }
        }
        return new Basis(knots, degree, count);
    }
}
