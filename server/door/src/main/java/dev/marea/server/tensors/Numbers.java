package dev.marea.server.tensors;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;

/** Numbers of any datatype as doubles, and back. */
public final class Numbers {
    private Numbers() {}

    /** One element; text is not a number here. */
    public static double at(Tensor tensor, int i) {
        var datatype = tensor.datatype();
        return switch (tensor.elements()) {
            case Elements.Doubles(var values) -> values[i];
            case Elements.Floats(var values) -> values[i];
            case Elements.Longs(var values) ->
                    datatype == Datatype.UINT64 && values[i] < 0 ? values[i] + 0x1p64 : values[i];
            case Elements.Ints(var values) ->
                    datatype == Datatype.UINT32 ? Integer.toUnsignedLong(values[i]) : values[i];
            case Elements.Shorts(var values) ->
                    switch (datatype) {
                        case FP16 -> Float.float16ToFloat(values[i]);
                        case BF16 -> Float.intBitsToFloat(values[i] << 16);
                        case UINT16 -> Short.toUnsignedInt(values[i]);
                        default -> values[i];
                    };
            case Elements.Bytes(var values) ->
                    datatype == Datatype.UINT8 ? Byte.toUnsignedInt(values[i]) : values[i];
            case Elements.Bools(var values) -> values[i] ? 1 : 0;
            case Elements.Texts _, Elements.Blobs _ -> Double.NaN;
        };
    }

    /** One element as people write it; text is NaN. */
    static String text(Tensor tensor, int i) {
        return switch (tensor.datatype()) {
            case FP64 -> Double.toString(at(tensor, i));
            case FP32, FP16, BF16, BYTES -> Float.toString((float) at(tensor, i));
            case UINT64 ->
                    tensor.elements() instanceof Elements.Longs(var values)
                            ? Long.toUnsignedString(values[i])
                            : "";
            case INT64 ->
                    tensor.elements() instanceof Elements.Longs(var values)
                            ? Long.toString(values[i])
                            : "";
            case BOOL, INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
                    Long.toString((long) at(tensor, i));
        };
    }

    /** In single precision where the model's own input is; else as doubles. */
    public static Tensor tensor(TensorSpec spec, int[] shape, double[] values) {
        if (spec.datatype() != Datatype.FP32) {
            return Tensor.of(spec.name(), shape, values);
        }
        var floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensor.of(spec.name(), shape, floats);
    }
}
