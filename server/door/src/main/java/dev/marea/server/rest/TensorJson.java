package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.io.IOException;

/** Writes tensors. What JSON cannot say (NaN and the infinities) becomes null. */
final class TensorJson {
    private TensorJson() {}

    /** All elements in one list, row-major. */
    static void flat(Tensor tensor, JsonGenerator out) throws IOException {
        out.writeStartArray();
        range(tensor, 0, tensor.elements().length(), out);
        out.writeEndArray();
    }

    /** Lists nested along the shape; a scalar stands alone. */
    static void nested(Tensor tensor, JsonGenerator out) throws IOException {
        nest(tensor, 0, 0, tensor.elements().length(), out);
    }

    private static void nest(Tensor tensor, int depth, int from, int to, JsonGenerator out)
            throws IOException {
        if (depth == tensor.rank()) {
            range(tensor, from, to, out);
            return;
        }
        out.writeStartArray();
        int length = tensor.shape()[depth];
        if (depth == tensor.rank() - 1) {
            range(tensor, from, to, out);
        } else if (length > 0) {
            int step = (to - from) / length;
            for (int i = 0; i < length; i++) {
                nest(tensor, depth + 1, from + i * step, from + (i + 1) * step, out);
            }
        }
        out.writeEndArray();
    }

    private static void range(Tensor tensor, int from, int to, JsonGenerator out)
            throws IOException {
        boolean unsigned = tensor.datatype().name().startsWith("U");
        for (int i = from; i < to; i++) {
            switch (tensor.elements()) {
                case Elements.Doubles(var values) -> real(values[i], out);
                case Elements.Floats(var values) -> real(values[i], out);
                case Elements.Longs(var values) -> {
                    if (unsigned && values[i] < 0) {
                        out.writeNumber(Long.toUnsignedString(values[i]));
                    } else {
                        out.writeNumber(values[i]);
                    }
                }
                case Elements.Ints(var values) ->
                        out.writeNumber(
                                unsigned ? Integer.toUnsignedLong(values[i]) : (long) values[i]);
                case Elements.Shorts(var values) -> {
                    switch (tensor.datatype()) {
                        case FP16 -> real(Float.float16ToFloat(values[i]), out);
                        case BF16 -> real(Float.intBitsToFloat(values[i] << 16), out);
                        default ->
                                out.writeNumber(
                                        unsigned ? Short.toUnsignedInt(values[i]) : values[i]);
                    }
                }
                case Elements.Bytes(var values) ->
                        out.writeNumber(unsigned ? Byte.toUnsignedInt(values[i]) : values[i]);
                case Elements.Bools(var values) -> out.writeBoolean(values[i]);
                case Elements.Texts(var values) -> out.writeString(values[i]);
                case Elements.Blobs(var values) -> out.writeBinary(values[i]);
            }
        }
    }

    private static void real(double value, JsonGenerator out) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }

    /** Not by way of double: 0.1f is 0.1, not 0.10000000149011612. */
    private static void real(float value, JsonGenerator out) throws IOException {
        if (Float.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }
}
