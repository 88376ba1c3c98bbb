package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;

/** A tensor's elements as LightGBM's Python package would hand them on. */
final class Numbers {
    private static final double UINT64_RANGE = 0x1p64;

    private Numbers() {}

    /** As of a numpy array: what is no float becomes one of single precision. */
    static double[] asArray(Tensor input) throws BadInput {
        boolean whole =
                switch (input.datatype()) {
                    case INT32, INT64, UINT32, UINT64 -> true;
                    default -> false;
                };
        var values = asFrame(input);
        if (whole) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) values[i];
            }
        }
        return values;
    }

    /** As of a data frame's column: every number keeps its value, as far as a double holds it. */
    static double[] asFrame(Tensor input) throws BadInput {
        return switch (input.elements()) {
            case Elements.Doubles(var values) -> values;
            case Elements.Floats(var values) -> {
                var out = new double[values.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = values[i];
                }
                yield out;
            }
            case Elements.Longs(var values) -> {
                var out = new double[values.length];
                boolean unsigned = input.datatype() == Datatype.UINT64;
                for (int i = 0; i < out.length; i++) {
                    out[i] = unsigned && values[i] < 0 ? values[i] + UINT64_RANGE : values[i];
                }
                yield out;
            }
            case Elements.Ints(var values) -> {
                var out = new double[values.length];
                boolean unsigned = input.datatype() == Datatype.UINT32;
                for (int i = 0; i < out.length; i++) {
                    out[i] = unsigned ? Integer.toUnsignedLong(values[i]) : values[i];
                }
                yield out;
            }
            case Elements.Shorts(var values) -> shorts(input, values);
            case Elements.Bytes(var values) -> {
                var out = new double[values.length];
                boolean unsigned = input.datatype() == Datatype.UINT8;
                for (int i = 0; i < out.length; i++) {
                    out[i] = unsigned ? Byte.toUnsignedInt(values[i]) : values[i];
                }
                yield out;
            }
            case Elements.Bools(var values) -> {
                var out = new double[values.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = values[i] ? 1 : 0;
                }
                yield out;
            }
            case Elements.Texts _, Elements.Blobs _ ->
                    throw new BadInput(input.name(), "must hold numbers, holds text (BYTES)");
        };
    }

    private static double[] shorts(Tensor input, short[] values) {
        var out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] =
                    switch (input.datatype()) {
                        case FP16 -> Float.float16ToFloat(values[i]);
                        case BF16 -> Float.intBitsToFloat(values[i] << 16);
                        case UINT16 -> Short.toUnsignedInt(values[i]);
                        default -> values[i];
                    };
        }
        return out;
    }
}
