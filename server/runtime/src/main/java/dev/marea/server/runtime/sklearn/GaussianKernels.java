package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/** The kernels of Gaussian processes, which are built of one another. */
final class GaussianKernels {
    private static final int KERNELS_MAX = 64;

    private final State model;
    private final int columns;
    private int kernels;

    /** A kernel between rows, and of a row with itself, where noise counts. */
    record Both(Kernel between, Kernel itself) {}

    private GaussianKernels(State model, int columns) {
        this.model = model;
        this.columns = columns;
    }

    static Both read(State model, int columns) throws LoadFailure {
        return new GaussianKernels(model, columns).kernel(model.part("kernel_"));
    }

    private Both kernel(State state) throws LoadFailure {
        if (++kernels > KERNELS_MAX) {
            throw model.unsupported("a kernel of more than " + KERNELS_MAX + " others");
        }
        return switch (state.type()) {
            case "Sum" -> {
                var left = kernel(state.part("k1"));
                var right = kernel(state.part("k2"));
                yield new Both(sum(left.between, right.between), sum(left.itself, right.itself));
            }
            case "Product" -> {
                var left = kernel(state.part("k1"));
                var right = kernel(state.part("k2"));
                yield new Both(
                        product(left.between, right.between), product(left.itself, right.itself));
            }
            case "Exponentiation" -> {
                var base = kernel(state.part("kernel"));
                double exponent = state.number("exponent");
                yield new Both(power(base.between, exponent), power(base.itself, exponent));
            }
            case "WhiteKernel" -> {
                double noise = state.number("noise_level");
                yield new Both((a, i, b, j, n) -> 0, (a, i, b, j, n) -> noise);
            }
            default -> {
                var simple = simple(state);
                yield new Both(simple, simple);
            }
        };
    }

    private static Kernel sum(Kernel left, Kernel right) {
        return (a, i, b, j, n) -> left.of(a, i, b, j, n) + right.of(a, i, b, j, n);
    }

    private static Kernel product(Kernel left, Kernel right) {
        return (a, i, b, j, n) -> left.of(a, i, b, j, n) * right.of(a, i, b, j, n);
    }

    private static Kernel power(Kernel base, double exponent) {
        return (a, i, b, j, n) -> Math.pow(base.of(a, i, b, j, n), exponent);
    }

    private Kernel simple(State state) throws LoadFailure {
        return switch (state.type()) {
            case "ConstantKernel" -> {
                double constant = state.number("constant_value");
                yield (a, i, b, j, n) -> constant;
            }
            case "DotProduct" -> {
                double sigma = state.number("sigma_0");
                yield (a, i, b, j, n) -> Kernel.dot(a, i, b, j, n) + sigma * sigma;
            }
            case "RBF" -> {
                var squares = squares(state);
                yield (a, i, b, j, n) -> Math.exp(-0.5 * squares.of(a, i, b, j, n));
            }
            case "Matern" -> matern(state);
            case "RationalQuadratic" -> {
                double alpha = state.number("alpha");
                double length = state.number("length_scale");
                double by = 2 * alpha * length * length;
                yield (a, i, b, j, n) -> Math.pow(1 + Kernel.squares(a, i, b, j, n) / by, -alpha);
            }
            case "ExpSineSquared" -> {
                double turn = Math.PI / state.number("periodicity");
                double length = state.number("length_scale");
                yield (a, i, b, j, n) -> {
                    double sine = Math.sin(turn * Metric.euclidean(a, i, b, j, n)) / length;
                    return Math.exp(-2 * sine * sine);
                };
            }
            case "PairwiseKernel" -> pairwise(state);
            default -> throw model.unsupported("the kernel " + state.object().type().full());
        };
    }

    private static Kernel pairwise(State state) throws LoadFailure {
        if (state.dict("pairwise_kernels_kwargs").filter(d -> d.size() > 0).isPresent()) {
            throw state.unsupported("a pairwise kernel with arguments of its own");
        }
        return Kernel.named(state, state.text("metric").orElse(""), state.number("gamma"), 1, 3);
    }

    private Kernel matern(State state) throws LoadFailure {
        var squares = squares(state);
        double nu = state.number("nu");
        if (nu == 0.5) {
            return (a, i, b, j, n) -> Math.exp(-Math.sqrt(squares.of(a, i, b, j, n)));
        }
        if (nu == 1.5) {
            return (a, i, b, j, n) -> {
                double far = Math.sqrt(squares.of(a, i, b, j, n)) * Math.sqrt(3);
                return (1 + far) * Math.exp(-far);
            };
        }
        if (nu == 2.5) {
            return (a, i, b, j, n) -> {
                double far = Math.sqrt(squares.of(a, i, b, j, n)) * Math.sqrt(5);
                return (1 + far + far * far / 3) * Math.exp(-far);
            };
        }
        if (Double.isInfinite(nu)) {
            return (a, i, b, j, n) -> Math.exp(-squares.of(a, i, b, j, n) / 2);
        }
        throw state.unsupported("a Matern kernel with nu=" + nu + " (only 0.5, 1.5, 2.5, inf)");
    }

    /** Squared distances after each column was divided by its length. */
    private Kernel squares(State state) throws LoadFailure {
        var lengths = state.vector("length_scale");
        if (lengths.length != 1 && lengths.length != columns) {
            throw state.failure(
                    "length_scale holds %d numbers for %d columns"
                            .formatted(lengths.length, columns));
        }
        int step = lengths.length == 1 ? 0 : 1;
        return (a, i, b, j, n) -> {
            double sum = 0;
            for (int k = 0; k < n; k++) {
                double length = lengths[k * step];
                double apart = a[i + k] / length - b[j + k] / length;
                sum += apart * apart;
            }
            return sum;
        };
    }
}
