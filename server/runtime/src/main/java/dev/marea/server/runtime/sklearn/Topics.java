package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.Arrays;

/** Rows as mixtures of parts, which are found by trying: topics of words, non-negative factors. */
final class Topics {
    private static final int ROUNDS_MAX = 10_000;

    private Topics() {}

    private static void refuseNegative(double value, int row) throws BadInput {
        if (value < 0) {
            throw new BadInput(
                    Data.FIELD,
                    "must have no negative number, row %d has %s".formatted(row, value));
        }
    }

    private static int rounds(State state, String name) throws LoadFailure {
        return Math.min(state.size(name), ROUNDS_MAX);
    }

    /**
     * Latent Dirichlet allocation: each row by itself, until it changes no more.
     *
     * @param words a row a topic: how much it likes each word
     */
    record Mixtures(Matrix words, double prior, int rounds, double change) implements SparseStep {
        private static final double TINY = Math.ulp(1.0);

        @Override
        public int columnsIn() {
            return words.columns();
        }

        @Override
        public int columnsOut() {
            return words.rows();
        }

        @Override
        public Matrix apply(Matrix rows) throws BadInput {
            var sparse = new SparseRows(rows.columns(), rows.rows());
            for (int row = 0; row < rows.rows(); row++) {
                sparse.add(rows, row, 0);
                sparse.endRow();
            }
            return apply(sparse.done());
        }

        @Override
        public Matrix apply(Sparse rows) throws BadInput {
            int topics = words.rows();
            Data.room(rows.rows(), topics);
            var out = new double[rows.rows() * topics];
            for (int row = 0; row < rows.rows(); row++) {
                int from = rows.starts()[row];
                int to = rows.starts()[row + 1];
                for (int i = from; i < to; i++) {
                    refuseNegative(rows.values()[i], row);
                }
                var mixture = mixture(rows, from, to);
                double sum = Arrays.stream(mixture).sum();
                for (int k = 0; k < topics; k++) {
                    out[row * topics + k] = mixture[k] / sum;
                }
            }
            return new Matrix(rows.rows(), topics, out);
        }

        private double[] mixture(Sparse rows, int from, int to) {
            int topics = words.rows();
            var mixture = new double[topics];
            Arrays.fill(mixture, 1);
            var likely = new double[topics];
            expect(mixture, 0, likely);
            for (int round = 0; round < rounds; round++) {
                var next = new double[topics];
                for (int i = from; i < to; i++) {
                    int word = rows.positions()[i];
                    double norm = TINY;
                    for (int k = 0; k < topics; k++) {
                        norm += likely[k] * words.at(k, word);
                    }
                    for (int k = 0; k < topics; k++) {
                        next[k] += rows.values()[i] / norm * words.at(k, word);
                    }
                }
                double changed = 0;
                for (int k = 0; k < topics; k++) {
                    next[k] *= likely[k];
                }
                expect(next, prior, likely);
                for (int k = 0; k < topics; k++) {
                    changed += Math.abs(next[k] - mixture[k]);
                }
                mixture = next;
                if (changed / topics < change) {
                    break;
                }
            }
            return mixture;
        }

        /** Adds the prior, and the exponent of what the logarithms are expected to be. */
        private static void expect(double[] mixture, double prior, double[] likely) {
            double sum = 0;
            for (int k = 0; k < mixture.length; k++) {
                mixture[k] += prior;
                sum += mixture[k];
            }
            double all = digamma(sum);
            for (int k = 0; k < mixture.length; k++) {
                likely[k] = Math.exp(digamma(mixture[k]) - all);
            }
        }

        /** The slope of the logarithm of the gamma function, by its series for large numbers. */
        private static double digamma(double number) {
            double x = number;
            if (x <= 1e-6) {
                return -0.5772156649015329 - 1 / x;
            }
            double sum = 0;
            for (; x < 6; x++) {
                sum -= 1 / x;
            }
            sum += Math.log(x) - 0.5 / x;
            double y = 1 / (x * x);
            // The library stops at the third term, and so do we.
            return sum - y * (1 / 12.0 - y * (1 / 120.0 - y / 252));
        }
    }

    static Estimator dirichlet(State state) throws LoadFailure {
        return new Transformer(
                new Mixtures(
                        state.matrix("exp_dirichlet_component_"),
                        state.number("doc_topic_prior_"),
                        rounds(state, "max_doc_update_iter"),
                        state.number("mean_change_tol")));
    }

    /**
     * Non-negative factors by coordinate descent. It ends for all rows of a request together, so
     * that a row's last digits depend on its neighbours, as they do in the library.
     *
     * @param products of the components with one another
     * @param flat what is taken from each row's products with the components
     */
    record Factors(Matrix components, Matrix products, double flat, int rounds, double tolerance)
            implements NumericStep {
        @Override
        public int columnsIn() {
            return components.columns();
        }

        @Override
        public int columnsOut() {
            return components.rows();
        }

        @Override
        public Matrix apply(Matrix rows) throws BadInput {
            for (int i = 0; i < rows.values().length; i++) {
                refuseNegative(rows.values()[i], i / rows.columns());
            }
            var given = given(rows);
            var out = new double[given.length];
            double atFirst = 0;
            for (int round = 0; round < rounds; round++) {
                double violation = improve(given, out);
                atFirst = round == 0 ? violation : atFirst;
                if (atFirst == 0 || violation / atFirst <= tolerance) {
                    break;
                }
            }
            return new Matrix(rows.rows(), components.rows(), out);
        }

        private double[] given(Matrix rows) {
            int width = components.rows();
            var given = new double[Math.multiplyExact(rows.rows(), width)];
            for (int row = 0; row < rows.rows(); row++) {
                for (int k = 0; k < width; k++) {
                    given[row * width + k] =
                            Kernel.dot(
                                            rows.values(),
                                            row * rows.columns(),
                                            components.values(),
                                            k * rows.columns(),
                                            rows.columns())
                                    - flat;
                }
            }
            return given;
        }

        private double improve(double[] given, double[] out) {
            int width = components.rows();
            double violation = 0;
            for (int k = 0; k < width; k++) {
                double steep = products.at(k, k);
                for (int from = 0; from < out.length; from += width) {
                    double slope = -given[from + k];
                    for (int other = 0; other < width; other++) {
                        slope += products.at(k, other) * out[from + other];
                    }
                    violation += Math.abs(out[from + k] == 0 ? Math.min(0, slope) : slope);
                    if (steep != 0) {
                        out[from + k] = Math.max(out[from + k] - slope / steep, 0);
                    }
                }
            }
            return violation;
        }
    }

    static Estimator factors(State state) throws LoadFailure {
        if (!state.text("solver").orElse("").equals("cd") || state.flag("shuffle", false)) {
            throw state.unsupported("this solver of factors");
        }
        var components = state.matrix("components_");
        int width = components.rows();
        int columns = components.columns();
        double alpha = state.has("alpha_W") ? state.number("alpha_W") : 0;
        double l1 = state.has("l1_ratio") ? state.number("l1_ratio") : 0;
        state.charge((long) width * width);
        var products = new double[width * width];
        for (int k = 0; k < width; k++) {
            for (int j = 0; j < width; j++) {
                products[k * width + j] =
                        Kernel.dot(
                                components.values(),
                                k * columns,
                                components.values(),
                                j * columns,
                                columns);
            }
            products[k * width + k] += columns * alpha * (1 - l1);
        }
        return new Transformer(
                new Factors(
                        components,
                        new Matrix(width, width, products),
                        columns * alpha * l1,
                        rounds(state, "max_iter"),
                        state.number("tol")));
    }
}
