package dev.marea.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Compares a tensor with the nested lists that a Python library answered. */
public final class TensorsAgree {
    private TensorsAgree() {}

    public static void check(Tensor ours, Json theirs, double tolerance) {
        var shape = new ArrayList<Integer>();
        var flat = new ArrayList<Json>();
        flatten(theirs, 0, shape, flat);
        assertThat(ours.shape()).isEqualTo(shape.stream().mapToInt(Integer::intValue).toArray());
        for (int i = 0; i < flat.size(); i++) {
            checkElement(ours, i, flat.get(i), tolerance);
        }
    }

    /** Compares with a table that names only the cells that are not zero. */
    public static void checkCells(Tensor ours, Json.Obj theirs, double tolerance) {
        var shape = ((Json.Arr) theirs.at("shape").orElseThrow()).items();
        int columns = (int) Examples.number(shape.get(1));
        var expected = new double[((int) Examples.number(shape.get(0))) * columns];
        for (var cell : ((Json.Arr) theirs.at("cells").orElseThrow()).items()) {
            var parts = ((Json.Arr) cell).items();
            expected[
                            ((int) Examples.number(parts.get(0))) * columns
                                    + (int) Examples.number(parts.get(1))] =
                    Examples.number(parts.get(2));
        }
        assertThat(ours.shape()).isEqualTo(new int[] {expected.length / columns, columns});
        for (int i = 0; i < expected.length; i++) {
            checkNumber(ours, i, expected[i], tolerance);
        }
    }

    private static void checkNumber(Tensor ours, int i, double theirs, double tolerance) {
        var number = assertThat(element(ours, i)).as("element %d", i);
        if (Double.isFinite(theirs)) {
            number.isCloseTo(theirs, within(tolerance * Math.max(1, Math.abs(theirs))));
        } else {
            number.isEqualTo(Double.valueOf(theirs)); // by equals, which knows NaN
        }
    }

    private static void checkElement(Tensor ours, int i, Json theirs, double tolerance) {
        if (theirs instanceof Json.Str(var text)
                && ours.elements() instanceof Elements.Texts(var texts)) {
            assertThat(texts[i]).isEqualTo(text);
        } else if (theirs instanceof Json.Bool(var flag)) {
            assertThat(((Elements.Bools) ours.elements()).values()[i]).isEqualTo(flag);
        } else {
            checkNumber(ours, i, Examples.number(theirs), tolerance);
        }
    }

    private static double element(Tensor tensor, int i) {
        return switch (tensor.elements()) {
            case Elements.Doubles(var v) -> v[i];
            case Elements.Floats(var v) -> v[i];
            case Elements.Longs(var v) ->
                    tensor.datatype() == Datatype.UINT64 && v[i] < 0 ? v[i] + 0x1p64 : v[i];
            case Elements.Ints(var v) ->
                    tensor.datatype() == Datatype.UINT32 ? Integer.toUnsignedLong(v[i]) : v[i];
            case Elements.Shorts(var v) ->
                    switch (tensor.datatype()) {
                        case FP16 -> Float.float16ToFloat(v[i]);
                        case UINT16 -> Short.toUnsignedInt(v[i]);
                        default -> v[i];
                    };
            case Elements.Bytes(var v) -> v[i];
            case Elements.Bools _, Elements.Texts _, Elements.Blobs _ ->
                    throw new AssertionError("a number is expected, not " + tensor);
        };
    }

    public static void flatten(Json value, int depth, List<Integer> shape, List<Json> flat) {
        if (!(value instanceof Json.Arr(var items))) {
            flat.add(value);
            return;
        }
        if (shape.size() == depth) {
            shape.add(items.size());
        }
        for (var item : items) {
            flatten(item, depth + 1, shape, flat);
        }
    }
}
