package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/** How alike two rows are, as kernel machines measure it. */
@FunctionalInterface
interface Kernel extends Kept.Comparison {

    /** The kernel that an estimator names; its numbers are gamma, coef0 and degree. */
    static Kernel named(State state, String name, double gamma, double constant, double degree)
            throws LoadFailure {
        return switch (name) {
            case "linear" -> Kernel::dot;
            case "poly", "polynomial" ->
                    (a, i, b, j, n) -> Math.pow(gamma * dot(a, i, b, j, n) + constant, degree);
            case "rbf" -> (a, i, b, j, n) -> Math.exp(-gamma * squares(a, i, b, j, n));
            case "sigmoid" -> (a, i, b, j, n) -> Math.tanh(gamma * dot(a, i, b, j, n) + constant);
            case "laplacian" -> (a, i, b, j, n) -> Math.exp(-gamma * steps(a, i, b, j, n));
            case "cosine" ->
                    (a, i, b, j, n) -> dot(a, i, b, j, n) / (norm(a, i, n) * norm(b, j, n));
            default ->
                    throw state.unsupported(
                            name.isEmpty() ? "a kernel of your own" : "the kernel " + name);
        };
    }

    /** The same kernels of sparse rows, as libsvm computes them. */
    static Kept.ByProduct ofProducts(
            State state, String name, double gamma, double constant, double degree)
            throws LoadFailure {
        return switch (name) {
            case "linear" -> (product, a, b) -> product;
            case "poly", "polynomial" ->
                    (product, a, b) -> Math.pow(gamma * product + constant, degree);
            case "rbf" -> (product, a, b) -> Math.exp(-gamma * (a + b - 2 * product));
            case "sigmoid" -> (product, a, b) -> Math.tanh(gamma * product + constant);
            default -> throw state.unsupported("the kernel '" + name + "' of sparse rows");
        };
    }

    static double dot(double[] a, int fromA, double[] b, int fromB, int columns) {
        double sum = 0;
        for (int j = 0; j < columns; j++) {
            sum += a[fromA + j] * b[fromB + j];
        }
        return sum;
    }

    static double squares(double[] a, int fromA, double[] b, int fromB, int columns) {
        double sum = 0;
        for (int j = 0; j < columns; j++) {
            double apart = a[fromA + j] - b[fromB + j];
            sum += apart * apart;
        }
        return sum;
    }

    static double steps(double[] a, int fromA, double[] b, int fromB, int columns) {
        double sum = 0;
        for (int j = 0; j < columns; j++) {
            sum += Math.abs(a[fromA + j] - b[fromB + j]);
        }
        return sum;
    }

    /** A row without length has the direction of none, as the library says. */
    static double norm(double[] a, int from, int columns) {
        double norm = Math.sqrt(dot(a, from, a, from, columns));
        return norm == 0 ? 1 : norm;
    }
}
