package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.util.Base64;

/**
 * Writes tensors. What JSON cannot say (NaN and the infinities) becomes null, as does a missing
 * text.
 */
final class TensorJson {
    /** How bytes that are no text are written. */
    enum Binary {
        /** The base64 text alone: the tensor's parameters say so. */
        BASE64,
        /** {@code {"b64": …}}, as V1 has it. */
        OBJECT
    }

    private static final byte[] B64 = JsonOut.ascii("{\"b64\":");

    private TensorJson() {}

    /** All elements in one list, row-major. */
    static void flat(Tensor tensor, JsonOut out) throws Refused {
        out.raw('[');
        range(tensor, 0, tensor.elements().length(), Binary.BASE64, out);
        out.raw(']');
    }

    /** Lists nested along the shape; a scalar stands alone. */
    static void nested(Tensor tensor, JsonOut out) throws Refused {
        nest(tensor, 0, 0, tensor.elements().length(), out);
    }

    private static void nest(Tensor tensor, int depth, int from, int to, JsonOut out)
            throws Refused {
        if (depth == tensor.rank()) {
            range(tensor, from, to, Binary.OBJECT, out);
            return;
        }
        out.raw('[');
        int length = tensor.shape()[depth];
        if (depth == tensor.rank() - 1) {
            range(tensor, from, to, Binary.OBJECT, out);
        } else if (length > 0) {
            int step = (to - from) / length;
            for (int i = 0; i < length; i++) {
                if (i > 0) {
                    out.raw(',');
                }
                nest(tensor, depth + 1, from + i * step, from + (i + 1) * step, out);
            }
        }
        out.raw(']');
    }

    private static void range(Tensor tensor, int from, int to, Binary binary, JsonOut out)
            throws Refused {
        for (int i = from; i < to; i++) {
            if (i > from) {
                out.raw(',');
            }
            element(tensor, i, binary, out);
        }
    }

    /** One element of a flat tensor. */
    static void element(Tensor tensor, int i, Binary binary, JsonOut out) throws Refused {
        var datatype = tensor.datatype();
        switch (tensor.elements()) {
            case Elements.Doubles(var values) -> out.number(values[i]);
            case Elements.Floats(var values) -> out.number(values[i]);
            case Elements.Longs(var values) -> {
                if (datatype == Datatype.UINT64) {
                    out.unsigned(values[i]);
                } else {
                    out.number(values[i]);
                }
            }
            case Elements.Ints(var values) ->
                    out.number(
                            datatype == Datatype.UINT32
                                    ? Integer.toUnsignedLong(values[i])
                                    : (long) values[i]);
            case Elements.Shorts(var values) -> number(datatype, values[i], out);
            case Elements.Bytes(var values) ->
                    out.number(
                            datatype == Datatype.UINT8
                                    ? Byte.toUnsignedLong(values[i])
                                    : (long) values[i]);
            case Elements.Bools(var values) -> out.bool(values[i]);
            case Elements.Texts(var values) -> text(values[i], out);
            case Elements.Blobs(var values) -> blob(values[i], binary, out);
        }
    }

    private static void number(Datatype datatype, short bits, JsonOut out) throws Refused {
        switch (datatype) {
            case FP16 -> out.number(Float.float16ToFloat(bits));
            case BF16 -> out.number(Float.intBitsToFloat(bits << 16));
            case UINT16 -> out.number(Short.toUnsignedLong(bits));
            default -> out.number((long) bits);
        }
    }

    private static void text(String text, JsonOut out) throws Refused {
        if (text.equals(Elements.Texts.MISSING)) {
            out.nothing();
        } else {
            out.text(text);
        }
    }

    private static void blob(byte[] bytes, Binary binary, JsonOut out) throws Refused {
        var base64 = Base64.getEncoder().encodeToString(bytes);
        switch (binary) {
            case BASE64 -> out.text(base64);
            case OBJECT -> out.raw(B64).text(base64).raw('}');
        }
    }
}
