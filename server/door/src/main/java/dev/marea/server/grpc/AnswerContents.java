package dev.marea.server.grpc;

import com.google.protobuf.CodedOutputStream;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.RawStrings;
import java.io.IOException;

/** A tensor's values in the field of its type: numbers packed, strings one by one. */
final class AnswerContents implements Body {
    private static final int BOOL = 1;
    private static final int INT = 2;
    private static final int INT64 = 3;
    private static final int UINT = 4;
    private static final int UINT64 = 5;
    private static final int FP32 = 6;
    private static final int FP64 = 7;
    private static final int BYTES = 8;

    private final Elements elements;
    private final boolean unsigned;
    private final int packedSize;
    private final int size;

    private AnswerContents(Elements elements, boolean unsigned) {
        this.elements = elements;
        this.unsigned = unsigned;
        packedSize = packedSize();
        size = elements instanceof Elements.Blobs(var blobs) ? sizeOf(blobs) : sizeOfPacked();
    }

    static AnswerContents of(Tensor tensor) {
        var elements =
                tensor.elements() instanceof Elements.Texts(var texts)
                        ? blobs(texts)
                        : tensor.elements();
        return new AnswerContents(elements, tensor.datatype().name().startsWith("U"));
    }

    private static Elements blobs(String[] texts) {
        var blobs = new byte[texts.length][];
        for (int i = 0; i < blobs.length; i++) {
            blobs[i] = RawStrings.bytes(texts[i]);
        }
        return new Elements.Blobs(blobs);
    }

    private static int sizeOf(byte[][] blobs) {
        int sum = 0;
        for (var blob : blobs) {
            sum = Math.addExact(sum, CodedOutputStream.computeByteArraySize(BYTES, blob));
        }
        return sum;
    }

    private int sizeOfPacked() {
        return packedSize == 0
                ? 0
                : Math.addExact(
                        1 + CodedOutputStream.computeUInt32SizeNoTag(packedSize), packedSize);
    }

    private int packedSize() {
        long sum = 0;
        switch (elements) {
            case Elements.Bools(var values) -> sum = values.length;
            case Elements.Floats(var values) -> sum = 4L * values.length;
            case Elements.Doubles(var values) -> sum = 8L * values.length;
            case Elements.Bytes(var values) -> {
                for (byte value : values) {
                    sum += size(widened(value));
                }
            }
            case Elements.Shorts(var values) -> {
                for (short value : values) {
                    sum += size(widened(value));
                }
            }
            case Elements.Ints(var values) -> {
                for (int value : values) {
                    sum += size(value);
                }
            }
            case Elements.Longs(var values) -> {
                for (long value : values) {
                    sum += CodedOutputStream.computeUInt64SizeNoTag(value);
                }
            }
            case Elements.Texts _, Elements.Blobs _ -> sum = 0;
        }
        return Math.toIntExact(sum);
    }

    private int widened(byte value) {
        return unsigned ? Byte.toUnsignedInt(value) : value;
    }

    private int widened(short value) {
        return unsigned ? Short.toUnsignedInt(value) : value;
    }

    private int size(int value) {
        return unsigned
                ? CodedOutputStream.computeUInt32SizeNoTag(value)
                : CodedOutputStream.computeInt32SizeNoTag(value);
    }

    @Override
    public int size() {
        return size;
    }

    private int field() {
        return switch (elements) {
            case Elements.Bools _ -> BOOL;
            case Elements.Bytes _, Elements.Shorts _, Elements.Ints _ -> unsigned ? UINT : INT;
            case Elements.Longs _ -> unsigned ? UINT64 : INT64;
            case Elements.Floats _ -> FP32;
            case Elements.Doubles _ -> FP64;
            case Elements.Texts _, Elements.Blobs _ -> BYTES;
        };
    }

    @Override
    public void writeTo(CodedOutputStream out) throws IOException {
        if (packedSize > 0) {
            out.writeTag(field(), 2);
            out.writeUInt32NoTag(packedSize);
        }
        switch (elements) {
            case Elements.Bools(var values) -> {
                for (boolean value : values) {
                    out.writeBoolNoTag(value);
                }
            }
            case Elements.Bytes(var values) -> {
                for (byte value : values) {
                    write(widened(value), out);
                }
            }
            case Elements.Shorts(var values) -> {
                for (short value : values) {
                    write(widened(value), out);
                }
            }
            case Elements.Ints(var values) -> {
                for (int value : values) {
                    write(value, out);
                }
            }
            case Elements.Longs(var values) -> {
                for (long value : values) {
                    out.writeUInt64NoTag(value);
                }
            }
            case Elements.Floats(var values) -> {
                for (float value : values) {
                    out.writeFloatNoTag(value);
                }
            }
            case Elements.Doubles(var values) -> {
                for (double value : values) {
                    out.writeDoubleNoTag(value);
                }
            }
            case Elements.Blobs(var values) -> {
                for (var value : values) {
                    out.writeByteArray(BYTES, value);
                }
            }
            case Elements.Texts _ -> throw new AssertionError("texts have become bytes");
        }
    }

    private void write(int value, CodedOutputStream out) throws IOException {
        if (unsigned) {
            out.writeUInt32NoTag(value);
        } else {
            out.writeInt32NoTag(value);
        }
    }
}
