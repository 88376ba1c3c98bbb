package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Elements.Bools;
import dev.marea.server.runtime.Elements.Doubles;
import dev.marea.server.runtime.Elements.Longs;
import dev.marea.server.runtime.Elements.Texts;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.pickle.NdArray;
import dev.marea.server.runtime.pickle.PyValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The labels that a classifier chooses among, in the type that it was fitted with. */
record Classes(Datatype datatype, Elements labels) {

    int count() {
        return labels.length();
    }

    /** The labels of an array of numbers, booleans or text; empty if it holds anything else. */
    static Optional<Classes> of(NdArray array) {
        if (array.isBoolean()) {
            return Optional.of(new Classes(Datatype.BOOL, booleans(array.longs())));
        }
        if (array.isIntegral()) {
            return Optional.of(new Classes(Datatype.INT64, new Longs(array.longs())));
        }
        if (array.isNumeric()) {
            return Optional.of(new Classes(Datatype.FP64, new Doubles(array.doubles())));
        }
        if (array.isText()) {
            return Optional.of(new Classes(Datatype.BYTES, new Texts(array.texts())));
        }
        return array.objects().flatMap(Classes::ofObjects);
    }

    private static Bools booleans(long[] values) {
        var flags = new boolean[values.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = values[i] != 0;
        }
        return new Bools(flags);
    }

    private static Optional<Classes> ofObjects(List<PyValue> objects) {
        if (objects.stream().allMatch(PyValue.Text.class::isInstance)) {
            var texts =
                    objects.stream().map(o -> ((PyValue.Text) o).value()).toArray(String[]::new);
            return Optional.of(new Classes(Datatype.BYTES, new Texts(texts)));
        }
        if (objects.stream().allMatch(PyValue.Int.class::isInstance)) {
            var numbers = objects.stream().mapToLong(o -> ((PyValue.Int) o).value()).toArray();
            return Optional.of(new Classes(Datatype.INT64, new Longs(numbers)));
        }
        return Optional.empty();
    }

    /** The labels 0, 1, ... of a model that numbers what it tells apart. */
    static Classes numbered(int count) {
        var numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return new Classes(Datatype.INT64, new Longs(numbers));
    }

    /** Labels that are numbers, as such; empty for text. */
    Optional<double[]> numbers() {
        return switch (labels) {
            case Longs(var all) -> Optional.of(Arrays.stream(all).asDoubleStream().toArray());
            case Doubles(var all) -> Optional.of(all);
            case Bools(var all) -> {
                var numbers = new double[all.length];
                for (int i = 0; i < all.length; i++) {
                    numbers[i] = all[i] ? 1 : 0;
                }
                yield Optional.of(numbers);
            }
            case Elements.Bytes _,
                    Elements.Blobs _,
                    Elements.Shorts _,
                    Elements.Ints _,
                    Elements.Floats _,
                    Texts _ ->
                    Optional.empty();
        };
    }

    /** One value as the only label. */
    static Optional<Classes> only(PyValue value) {
        return switch (value) {
            case PyValue.Real(var real) ->
                    Optional.of(new Classes(Datatype.FP64, new Doubles(new double[] {real})));
            case PyValue.Bool flag ->
                    Optional.of(
                            new Classes(
                                    Datatype.BOOL,
                                    new Bools(new boolean[] {flag == PyValue.Bool.TRUE})));
            case NdArray array when array.count() == 1 -> of(array);
            default -> ofObjects(List.of(value));
        };
    }

    /** One of the labels by itself. */
    Classes at(int place) {
        return new Classes(datatype, picked(new int[] {place}));
    }

    /** Where the only label of another is among these; -1 if it is not. */
    int indexOf(Classes other) {
        for (int i = 0; i < count(); i++) {
            if (isLabel(i, other.labels)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isLabel(int i, Elements one) {
        return switch (labels) {
            case Longs(var all) -> one instanceof Longs(var o) && all[i] == o[0];
            case Doubles(var all) -> one instanceof Doubles(var o) && all[i] == o[0];
            case Texts(var all) -> one instanceof Texts(var o) && all[i].equals(o[0]);
            case Bools(var all) -> one instanceof Bools(var o) && all[i] == o[0];
            case Elements.Bytes _,
                    Elements.Blobs _,
                    Elements.Shorts _,
                    Elements.Ints _,
                    Elements.Floats _ ->
                    throw new IllegalStateException("labels are never kept so");
        };
    }

    /** These and then the only label of another; empty if it is of another type. */
    Optional<Classes> and(Classes other) {
        return switch (labels) {
            case Longs(var all) when other.labels instanceof Longs(var one) ->
                    Optional.of(new Classes(datatype, new Longs(append(all, one[0]))));
            case Texts(var all) when other.labels instanceof Texts(var one) -> {
                var more = Arrays.copyOf(all, all.length + 1);
                more[all.length] = one[0];
                yield Optional.of(new Classes(datatype, new Texts(more)));
            }
            default -> Optional.empty();
        };
    }

    private static long[] append(long[] all, long one) {
        var more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = one;
        return more;
    }

    /** One label a row. */
    Tensor pick(String name, int[] chosen) {
        return new Tensor(name, datatype, new int[] {chosen.length}, picked(chosen));
    }

    Elements picked(int[] chosen) {
        int n = chosen.length;
        return switch (labels) {
            case Longs(var all) -> {
                var some = new long[n];
                for (int i = 0; i < n; i++) {
                    some[i] = all[chosen[i]];
                }
                yield new Longs(some);
            }
            case Doubles(var all) -> {
                var some = new double[n];
                for (int i = 0; i < n; i++) {
                    some[i] = all[chosen[i]];
                }
                yield new Doubles(some);
            }
            case Texts(var all) -> {
                var some = new String[n];
                for (int i = 0; i < n; i++) {
                    some[i] = all[chosen[i]];
                }
                yield new Texts(some);
            }
            case Bools(var all) -> {
                var some = new boolean[n];
                for (int i = 0; i < n; i++) {
                    some[i] = all[chosen[i]];
                }
                yield new Bools(some);
            }
            case Elements.Bytes _,
                    Elements.Blobs _,
                    Elements.Shorts _,
                    Elements.Ints _,
                    Elements.Floats _ ->
                    throw new IllegalStateException("labels are never kept so");
        };
    }
}
