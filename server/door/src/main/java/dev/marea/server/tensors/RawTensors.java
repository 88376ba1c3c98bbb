package dev.marea.server.tensors;

import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Tensors as raw bytes, as V2's binary extension and its gRPC carry them: little-endian and
 * row-major; a BYTES element stands behind its length, which takes four bytes.
 */
public final class RawTensors {
    private RawTensors() {}

    /**
     * Reads what is left of the bytes, which is one tensor and nothing else. They are copied once,
     * into the array of their type; nothing is reserved that they do not fill.
     */
    public static Tensor read(String name, Datatype datatype, int[] shape, ByteBuffer bytes)
            throws Refused {
        int count = Shapes.elements(name, shape);
        if (datatype == Datatype.BYTES) {
            return new Tensor(name, datatype, shape, RawStrings.read(name, shape, count, bytes));
        }
        long wanted = (long) count * datatype.size();
        if (wanted != bytes.remaining()) {
            throw Refused.badInput(
                    "input '%s' of shape %s and datatype %s needs %d bytes, has %d"
                            .formatted(
                                    name,
                                    Arrays.toString(shape),
                                    datatype,
                                    wanted,
                                    bytes.remaining()));
        }
        return new Tensor(
                name,
                datatype,
                shape,
                elements(datatype, count, bytes.slice().order(ByteOrder.LITTLE_ENDIAN)));
    }

    private static Elements elements(Datatype datatype, int count, ByteBuffer bytes) {
        return switch (datatype) {
            case BOOL -> new Elements.Bools(booleans(count, bytes));
            case INT8, UINT8 -> {
                var values = new byte[count];
                bytes.get(values);
                yield new Elements.Bytes(values);
            }
            case INT16, UINT16, FP16, BF16 -> {
                var values = new short[count];
                bytes.asShortBuffer().get(values);
                yield new Elements.Shorts(values);
            }
            case INT32, UINT32 -> {
                var values = new int[count];
                bytes.asIntBuffer().get(values);
                yield new Elements.Ints(values);
            }
            case INT64, UINT64 -> {
                var values = new long[count];
                bytes.asLongBuffer().get(values);
                yield new Elements.Longs(values);
            }
            case FP32 -> {
                var values = new float[count];
                bytes.asFloatBuffer().get(values);
                yield new Elements.Floats(values);
            }
            case FP64 -> {
                var values = new double[count];
                bytes.asDoubleBuffer().get(values);
                yield new Elements.Doubles(values);
            }
            case BYTES -> throw new AssertionError("strings have no fixed length");
        };
    }

    private static boolean[] booleans(int count, ByteBuffer bytes) {
        var values = new boolean[count];
        for (int i = 0; i < count; i++) {
            values[i] = bytes.get(i) != 0;
        }
        return values;
    }

    /** The tensor's elements, in an array that is the caller's. */
    public static byte[] write(Tensor tensor) {
        int count = tensor.elements().length();
        var bytes = new byte[Math.multiplyExact(count, tensor.datatype().size())];
        return switch (tensor.elements()) {
            case Elements.Bools(var values) -> booleans(values, bytes);
            case Elements.Bytes(var values) -> {
                System.arraycopy(values, 0, bytes, 0, count);
                yield bytes;
            }
            case Elements.Shorts(var values) -> {
                littleEndian(bytes).asShortBuffer().put(values);
                yield bytes;
            }
            case Elements.Ints(var values) -> {
                littleEndian(bytes).asIntBuffer().put(values);
                yield bytes;
            }
            case Elements.Longs(var values) -> {
                littleEndian(bytes).asLongBuffer().put(values);
                yield bytes;
            }
            case Elements.Floats(var values) -> {
                littleEndian(bytes).asFloatBuffer().put(values);
                yield bytes;
            }
            case Elements.Doubles(var values) -> {
                littleEndian(bytes).asDoubleBuffer().put(values);
                yield bytes;
            }
            case Elements.Texts(var values) -> RawStrings.write(values);
            case Elements.Blobs(var values) -> RawStrings.write(values);
        };
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] booleans(boolean[] values, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return bytes;
    }
}
