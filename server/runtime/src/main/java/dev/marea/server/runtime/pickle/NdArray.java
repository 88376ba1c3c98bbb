package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.pickle.Dtype.Layout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A numpy array: its bytes stay where they lie in the file until someone asks for numbers. */
public final class NdArray implements PyValue {
    static final int RANK_MAX = 32;

    /** Everything at once, so that a half-built array has no shape to trust. */
    private record Content(
            int[] shape, Layout layout, boolean fortran, Blob bytes, List<PyValue> objects) {}

    private @Nullable Content content;

    NdArray() {}

    boolean isBuilt() {
        return content != null;
    }

    /** The number of elements, or empty where a shape is no shape or has too many. */
    static OptionalInt count(int[] shape) {
        long count = 1;
        for (int dimension : shape) {
            if (dimension < 0 || shape.length > RANK_MAX) {
                return OptionalInt.empty();
            }
            count *= dimension;
            if (count > Integer.MAX_VALUE) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of((int) count);
    }

    /** Fills an array of fixed-size elements; false if the bytes are not exactly as many. */
    boolean fill(int[] shape, Layout layout, boolean fortran, Blob bytes) {
        var count = count(shape);
        if (layout.code() == 'O'
                || count.isEmpty()
                || (long) count.getAsInt() * layout.size() != bytes.length()) {
            return false;
        }
        content = new Content(shape, layout, fortran, bytes, List.of());
        return true;
    }

    /** Fills an array of objects; false if there are not exactly as many. */
    boolean fill(int[] shape, Layout layout, boolean fortran, List<PyValue> objects) {
        var count = count(shape);
        if (layout.code() != 'O' || count.isEmpty() || count.getAsInt() != objects.size()) {
            return false;
        }
        content = new Content(shape, layout, fortran, Blob.of(new byte[0]), objects);
        return true;
    }

    private Content content() {
        var built = content;
        if (built == null) {
            throw new IllegalStateException("the reader lets no unfinished array out");
        }
        return built;
    }

    public int rank() {
        return content().shape().length;
    }

    public int dimension(int axis) {
        return content().shape()[axis];
    }

    public int count() {
        return count(content().shape()).orElseThrow();
    }

    public boolean isNumeric() {
        return content().layout().isNumber();
    }

    /** Whole numbers or booleans. */
    public boolean isIntegral() {
        return isNumeric() && content().layout().code() != 'f';
    }

    public boolean isBoolean() {
        return content().layout().code() == 'b';
    }

    public boolean isText() {
        return "US".indexOf(content().layout().code()) >= 0;
    }

    /** The objects of an object array, row-major; empty for any other array. */
    public Optional<List<PyValue>> objects() {
        var c = content();
        return c.layout().code() != 'O'
                ? Optional.empty()
                : Optional.of(
                        c.fortran() && c.shape().length > 1
                                ? IntStream.range(0, count())
                                        .mapToObj(i -> c.objects().get(source(c, i)))
                                        .toList()
                                : c.objects());
    }

    /** All numbers, row-major; only of a numeric array. */
    public double[] doubles() {
        var c = content();
        return numbers(c, c.layout(), 0);
    }

    /** All whole numbers, row-major; only of an integral array. */
    public long[] longs() {
        var c = content();
        var out = new long[count()];
        var buffer = buffer(c, c.layout());
        var from = order(c);
        for (int i = 0; i < out.length; i++) {
            out[i] = Scalars.integral(buffer, from.applyAsInt(i) * c.layout().size(), c.layout());
        }
        return out;
    }

    /** All texts, row-major; only of an array of text. */
    public String[] texts() {
        var c = content();
        var out = new String[count()];
        var buffer = buffer(c, c.layout());
        var from = order(c);
        for (int i = 0; i < out.length; i++) {
            out[i] = Scalars.text(buffer, from.applyAsInt(i) * c.layout().size(), c.layout());
        }
        return out;
    }

    public boolean hasColumn(String name) {
        return content().layout().fields().containsKey(name);
    }

    /** One numeric column of a structured array; empty if it has no such column. */
    public Optional<double[]> column(String name) {
        var c = content();
        var field = c.layout().fields().get(name);
        return field == null || !field.layout().isNumber()
                ? Optional.empty()
                : Optional.of(numbers(c, field.layout(), field.offset()));
    }

    private double[] numbers(Content c, Layout layout, int offset) {
        var out = new double[count()];
        var buffer = buffer(c, layout);
        int stride = c.layout().size();
        var from = order(c);
        for (int i = 0; i < out.length; i++) {
            out[i] = Scalars.number(buffer, from.applyAsInt(i) * stride + offset, layout);
        }
        return out;
    }

    private static ByteBuffer buffer(Content c, Layout layout) {
        var blob = c.bytes();
        return ByteBuffer.wrap(blob.bytes(), blob.from(), blob.length())
                .slice()
                .order(layout.order());
    }

    private static IntUnaryOperator order(Content c) {
        return c.fortran() && c.shape().length > 1 ? i -> source(c, i) : i -> i;
    }

    /** Where the element with a row-major index lies in column-major storage. */
    private static int source(Content c, int rowMajor) {
        int rest = rowMajor;
        int stride = count(c.shape()).orElseThrow();
        int at = 0;
        for (int axis = c.shape().length - 1; axis >= 0; axis--) {
            stride /= c.shape()[axis];
            at += (rest % c.shape()[axis]) * stride;
            rest /= c.shape()[axis];
        }
        return at;
    }

    @Override
    public String kind() {
        var c = content;
        return c == null
                ? "an unfinished array"
                : "an array of " + c.layout().name() + " of shape " + Arrays.toString(c.shape());
    }
}
