package dev.marea.server.runtime;

import java.util.Arrays;

/**
 * A named, typed, shaped block of values, as the V2 protocol has them. One row costs one array.
 * Never changed after it is built; the shape and elements are shared, not copied.
 */
public record Tensor(String name, Datatype datatype, int[] shape, Elements elements) {
    public Tensor {
        long wanted = 1;
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "tensor '" + name + "' has a negative dimension " + Arrays.toString(shape));
            }
            wanted = Math.multiplyExact(wanted, dimension);
        }
        if (wanted != elements.length()) {
            throw new IllegalArgumentException(
                    "tensor '%s' of shape %s needs %d elements, has %d"
                            .formatted(name, Arrays.toString(shape), wanted, elements.length()));
        }
        if (!elements.fits(datatype)) {
            throw new IllegalArgumentException(
                    "tensor '%s' is %s but holds %s"
                            .formatted(name, datatype, elements.getClass().getSimpleName()));
        }
    }

    public static Tensor of(String name, int[] shape, double... values) {
        return new Tensor(name, Datatype.FP64, shape, new Elements.Doubles(values));
    }

    public static Tensor of(String name, int[] shape, float... values) {
        return new Tensor(name, Datatype.FP32, shape, new Elements.Floats(values));
    }

    public static Tensor of(String name, int[] shape, long... values) {
        return new Tensor(name, Datatype.INT64, shape, new Elements.Longs(values));
    }

    public static Tensor of(String name, int[] shape, String... values) {
        return new Tensor(name, Datatype.BYTES, shape, new Elements.Texts(values));
    }

    public int rank() {
        return shape.length;
    }

    /** The first dimension: rows of a batch; 1 for a scalar. */
    public int rows() {
        return shape.length == 0 ? 1 : shape[0];
    }

    public Tensor named(String other) {
        return new Tensor(other, datatype, shape, elements);
    }

    /** Equal in name, type, shape and every element; the arrays would compare by identity. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that
                && name.equals(that.name)
                && datatype == that.datatype
                && Arrays.equals(shape, that.shape)
                && sameElements(elements, that.elements);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return name + " " + datatype + Arrays.toString(shape);
    }

    private static boolean sameElements(Elements left, Elements right) {
        return switch (left) {
            case Elements.Bools(var a) ->
                    right instanceof Elements.Bools(var b) && Arrays.equals(a, b);
            case Elements.Bytes(var a) ->
                    right instanceof Elements.Bytes(var b) && Arrays.equals(a, b);
            case Elements.Shorts(var a) ->
                    right instanceof Elements.Shorts(var b) && Arrays.equals(a, b);
            case Elements.Ints(var a) ->
                    right instanceof Elements.Ints(var b) && Arrays.equals(a, b);
            case Elements.Longs(var a) ->
                    right instanceof Elements.Longs(var b) && Arrays.equals(a, b);
            case Elements.Floats(var a) ->
                    right instanceof Elements.Floats(var b) && Arrays.equals(a, b);
            case Elements.Doubles(var a) ->
                    right instanceof Elements.Doubles(var b) && Arrays.equals(a, b);
            case Elements.Texts(var a) ->
                    right instanceof Elements.Texts(var b) && Arrays.equals(a, b);
            case Elements.Blobs(var a) ->
                    right instanceof Elements.Blobs(var b) && Arrays.deepEquals(a, b);
        };
    }
}
