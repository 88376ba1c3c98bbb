package dev.marea.server.tensors;

import dev.marea.server.models.Refused;
import java.util.Arrays;

/** The rules that a request's shapes obey, in every protocol and in the same words. */
public final class Shapes {
    public static final int RANK_MAX = 16;

    private Shapes() {}

    /** Checks one dimension. */
    public static int dimension(String tensor, long size) throws Refused {
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw Refused.badInput(
                    "input '%s' has the dimension %d; each must be 1..%d"
                            .formatted(tensor, size, Integer.MAX_VALUE));
        }
        return (int) size;
    }

    public static void checkRank(String tensor, int rank) throws Refused {
        if (rank > RANK_MAX) {
            throw Refused.badInput(
                    "input '%s' has more than %d dimensions".formatted(tensor, RANK_MAX));
        }
    }

    /** How many elements a shape has; 1 for a scalar's empty one. */
    public static int elements(String tensor, int[] shape) throws Refused {
        long product = 1;
        for (int dimension : shape) {
            product *= dimension;
            if (product > Integer.MAX_VALUE) {
                throw Refused.badInput(
                        "input '%s' of shape %s has more than %d elements"
                                .formatted(tensor, Arrays.toString(shape), Integer.MAX_VALUE));
            }
        }
        return (int) product;
    }
}
