package dev.marea.server.runtime.sklearn;

/** What classes against one another, pair by pair, say together. */
final class PairVotes {
    private static final double PROBABILITY_MIN = 1e-7;
    private static final int ROUNDS_MIN = 100;

    private PairVotes() {}

    /**
     * Votes, with the sums of the decisions as fractions of a vote.
     *
     * @param wins where it begins who won each pair: above zero if the second did
     * @param from where the decisions begin: the higher, the more for the second
     */
    static void scores(double[] in, int wins, int from, int classes, double[] out, int to) {
        var sums = new double[classes];
        int pair = 0;
        for (int i = 0; i < classes; i++) {
            for (int j = i + 1; j < classes; j++) {
                double decision = in[from + pair];
                sums[i] -= decision;
                sums[j] += decision;
                out[to + (in[wins + pair] > 0 ? j : i)]++;
                pair++;
            }
        }
        for (int k = 0; k < classes; k++) {
            out[to + k] += sums[k] / (3 * (Math.abs(sums[k]) + 1));
        }
    }

    /** The class with the most pairs won; above zero speaks for the first of a pair. */
    static int winner(double[] decisions, int from, int classes) {
        var votes = new int[classes];
        int pair = from;
        for (int i = 0; i < classes; i++) {
            for (int j = i + 1; j < classes; j++) {
                votes[decisions[pair++] > 0 ? i : j]++;
            }
        }
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (votes[k] > votes[best]) {
                best = k;
            }
        }
        return best;
    }

    /** Platt's probabilities of each pair, coupled by Wu, Lin and Weng's second method. */
    static void probabilities(
            double[] decisions, double[] a, double[] b, int classes, double[] out, int to) {
        var chance = new double[classes][classes];
        int pair = 0;
        for (int i = 0; i < classes; i++) {
            for (int j = i + 1; j < classes; j++) {
                double first = sigmoid(decisions[pair] * a[pair] + b[pair]);
                chance[i][j] = Math.clamp(first, PROBABILITY_MIN, 1 - PROBABILITY_MIN);
                chance[j][i] = 1 - chance[i][j];
                pair++;
            }
        }
        couple(chance, classes, out, to);
    }

    private static double sigmoid(double x) {
        return x >= 0 ? Math.exp(-x) / (1 + Math.exp(-x)) : 1 / (1 + Math.exp(x));
    }

    private static void couple(double[][] chance, int classes, double[] out, int to) {
        var q = new double[classes][classes];
        for (int t = 0; t < classes; t++) {
            out[to + t] = 1.0 / classes;
            for (int j = 0; j < classes; j++) {
                if (j != t) {
                    q[t][t] += chance[j][t] * chance[j][t];
                    q[t][j] = j < t ? q[j][t] : -chance[j][t] * chance[t][j];
                }
            }
        }
        var qp = new double[classes];
        double small = 0.005 / classes;
        for (int round = 0; round < Math.max(ROUNDS_MIN, classes); round++) {
            double pqp = 0;
            for (int t = 0; t < classes; t++) {
                qp[t] = 0;
                for (int j = 0; j < classes; j++) {
                    qp[t] += q[t][j] * out[to + j];
                }
                pqp += out[to + t] * qp[t];
            }
            double error = 0;
            for (int t = 0; t < classes; t++) {
                error = Math.max(error, Math.abs(qp[t] - pqp));
            }
            if (error < small) {
                return;
            }
            step(q, qp, pqp, out, to);
        }
    }

    private static void step(double[][] q, double[] qp, double start, double[] out, int to) {
        double pqp = start;
        int classes = qp.length;
        for (int t = 0; t < classes; t++) {
            double apart = (-qp[t] + pqp) / q[t][t];
            out[to + t] += apart;
            pqp = (pqp + apart * (apart * q[t][t] + 2 * qp[t])) / (1 + apart) / (1 + apart);
            for (int j = 0; j < classes; j++) {
                qp[j] = (qp[j] + apart * q[t][j]) / (1 + apart);
                out[to + j] /= 1 + apart;
            }
        }
    }
}
