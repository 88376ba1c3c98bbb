package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;

/** A tensor's numbers in single precision, as the library casts them. */
final class SinglePrecision {
    private SinglePrecision() {}

    /** Shares the array of a tensor that is FP32 already; text is for others to refuse. */
    static float[] of(Tensor input) {
        return switch (input.elements()) {
            case Elements.Floats(var values) -> values;
            case Elements.Doubles(var values) -> {
                var out = new float[values.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = (float) values[i];
                }
                yield out;
            }
            case Elements.Longs(var values) -> longs(values, input.datatype());
            case Elements.Ints(var values) -> {
                boolean unsigned = input.datatype() == Datatype.UINT32;
                var out = new float[values.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = unsigned ? Integer.toUnsignedLong(values[i]) : values[i];
                }
                yield out;
            }
            case Elements.Shorts(var values) -> shorts(values, input.datatype());
            case Elements.Bytes(var values) -> {
                boolean unsigned = input.datatype() == Datatype.UINT8;
                var out = new float[values.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = unsigned ? values[i] & 0xff : values[i];
                }
                yield out;
            }
            case Elements.Bools(var values) -> {
                var out = new float[values.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = values[i] ? 1 : 0;
                }
                yield out;
            }
            case Elements.Texts _, Elements.Blobs _ ->
                    throw new IllegalArgumentException(input + " holds no numbers");
        };
    }

    private static float[] longs(long[] values, Datatype datatype) {
        var out = new float[values.length];
        boolean unsigned = datatype == Datatype.UINT64;
        for (int i = 0; i < out.length; i++) {
            out[i] =
                    unsigned && values[i] < 0
                            ? (float) ((values[i] >>> 1) | (values[i] & 1)) * 2
                            : values[i];
        }
        return out;
    }

    private static float[] shorts(short[] values, Datatype datatype) {
        var out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] =
                    switch (datatype) {
                        case FP16 -> Float.float16ToFloat(values[i]);
                        case BF16 -> Float.intBitsToFloat(values[i] << 16);
                        case UINT16 -> Short.toUnsignedInt(values[i]);
                        default -> values[i];
                    };
        }
        return out;
    }
}
