package dev.marea.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.tensors.RawStrings;
import dev.marea.server.tensors.Shapes;
import java.io.IOException;
import java.util.Arrays;

/**
 * A tensor's values out of the field of its type, packed or one by one, straight into the array of
 * that type. Nothing is reserved that so few bytes cannot hold.
 */
abstract sealed class Contents {
    private static final int PACKED = 2;
    private static final String[] FIELDS = {
        "",
        "bool_contents",
        "int_contents",
        "int64_contents",
        "uint_contents",
        "uint64_contents",
        "fp32_contents",
        "fp64_contents",
        "bytes_contents"
    };

    final String tensor;
    final Datatype datatype;
    final int wanted;
    long size;
    private final int field;
    private final int single;

    private Contents(String tensor, Datatype datatype, int wanted, int field, int wireType) {
        this.tensor = tensor;
        this.datatype = datatype;
        this.wanted = wanted;
        this.field = field;
        single = field << 3 | wireType;
    }

    static Elements read(String tensor, Datatype datatype, int[] shape, ByteString bytes)
            throws Refused {
        int wanted = Shapes.elements(tensor, shape);
        boolean possible = (long) wanted * leastBytes(datatype) <= bytes.size();
        var contents = of(tensor, datatype, possible ? wanted : 0);
        try {
            contents.read(InferRequest.input(bytes));
        } catch (IOException bad) {
            throw Parameters.badMessage(bad);
        }
        if (contents.size != wanted) {
            throw Refused.badInput(
                    "input '%s' of shape %s needs %d elements, '%s' has %d"
                            .formatted(
                                    tensor,
                                    Arrays.toString(shape),
                                    wanted,
                                    FIELDS[contents.field],
                                    contents.size));
        }
        return contents.elements();
    }

    private static int leastBytes(Datatype datatype) {
        return switch (datatype) {
            case FP32 -> Float.BYTES;
            case FP64 -> Double.BYTES;
            case BYTES -> 2;
            default -> 1;
        };
    }

    private static Contents of(String tensor, Datatype datatype, int wanted) throws Refused {
        return switch (datatype) {
            case BOOL -> new Booleans(tensor, datatype, wanted);
            case INT8, INT16, INT32 -> new Integers(tensor, datatype, wanted, 2);
            case UINT8, UINT16, UINT32 -> new Integers(tensor, datatype, wanted, 4);
            case INT64 -> new Longs(tensor, datatype, wanted, 3);
            case UINT64 -> new Longs(tensor, datatype, wanted, 5);
            case FP32 -> new Floats(tensor, datatype, wanted);
            case FP64 -> new Doubles(tensor, datatype, wanted);
            case BYTES -> new Strings(tensor, datatype, wanted);
            case FP16, BF16 ->
                    throw Refused.badInput(
                            "input '%s' is %s, which has no 'contents'; use 'raw_input_contents'"
                                    .formatted(tensor, datatype));
        };
    }

    private void read(CodedInputStream in) throws IOException, Refused {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == single) {
                next(in);
            } else if (tag == (field << 3 | PACKED)) {
                int rest = in.pushLimit(in.readRawVarint32());
                while (!in.isAtEnd()) {
                    next(in);
                }
                in.popLimit(rest);
            } else {
                other(in, tag);
            }
        }
    }

    /** Those beyond the limit are counted only. */
    private void next(CodedInputStream in) throws IOException, Refused {
        if (size < wanted) {
            add(in, (int) size);
        } else {
            in.skipField(single);
        }
        size++;
    }

    private void other(CodedInputStream in, int tag) throws IOException, Refused {
        int number = tag >>> 3;
        if (number > 0 && number < FIELDS.length) {
            throw Refused.badInput(
                    "input '%s' is %s and takes '%s', it has '%s'"
                            .formatted(tensor, datatype, FIELDS[field], FIELDS[number]));
        }
        InferRequest.skip(in, tag);
    }

    /** Takes the value that comes next. */
    abstract void add(CodedInputStream in, int index) throws IOException, Refused;

    abstract Elements elements();

    private static final class Booleans extends Contents {
        private final boolean[] values;

        Booleans(String tensor, Datatype datatype, int wanted) {
            super(tensor, datatype, wanted, 1, 0);
            values = new boolean[wanted];
        }

        @Override
        void add(CodedInputStream in, int index) throws IOException {
            values[index] = in.readBool();
        }

        @Override
        Elements elements() {
            return new Elements.Bools(values);
        }
    }

    /** Whole numbers of up to 32 bits, which share a field and differ in their range. */
    private static final class Integers extends Contents {
        private final int[] values;
        private final long least;
        private final long most;

        Integers(String tensor, Datatype datatype, int wanted, int field) {
            super(tensor, datatype, wanted, field, 0);
            values = new int[wanted];
            int bits = datatype.size() * 8;
            boolean unsigned = field == 4;
            least = unsigned ? 0 : -1L << (bits - 1);
            most = (1L << (unsigned ? bits : bits - 1)) - 1;
        }

        @Override
        void add(CodedInputStream in, int index) throws IOException, Refused {
            int bits = in.readInt32();
            long value = least == 0 ? Integer.toUnsignedLong(bits) : bits;
            if (value < least || value > most) {
                throw Refused.badInput(
                        "input '%s': element %d is %d, not %s"
                                .formatted(tensor, index, value, datatype));
            }
            values[index] = bits;
        }

        @Override
        Elements elements() {
            return switch (datatype.size()) {
                case 1 -> {
                    var narrow = new byte[wanted];
                    for (int i = 0; i < wanted; i++) {
                        narrow[i] = (byte) values[i];
                    }
                    yield new Elements.Bytes(narrow);
                }
                case 2 -> {
                    var narrow = new short[wanted];
                    for (int i = 0; i < wanted; i++) {
                        narrow[i] = (short) values[i];
                    }
                    yield new Elements.Shorts(narrow);
                }
                default -> new Elements.Ints(values);
            };
        }
    }

    private static final class Longs extends Contents {
        private final long[] values;

        Longs(String tensor, Datatype datatype, int wanted, int field) {
            super(tensor, datatype, wanted, field, 0);
            values = new long[wanted];
        }

        @Override
        void add(CodedInputStream in, int index) throws IOException {
            values[index] = in.readInt64();
        }

        @Override
        Elements elements() {
            return new Elements.Longs(values);
        }
    }

    private static final class Floats extends Contents {
        private final float[] values;

        Floats(String tensor, Datatype datatype, int wanted) {
            super(tensor, datatype, wanted, 6, 5);
            values = new float[wanted];
        }

        @Override
        void add(CodedInputStream in, int index) throws IOException {
            values[index] = in.readFloat();
        }

        @Override
        Elements elements() {
            return new Elements.Floats(values);
        }
    }

    private static final class Doubles extends Contents {
        private final double[] values;

        Doubles(String tensor, Datatype datatype, int wanted) {
            super(tensor, datatype, wanted, 7, 1);
            values = new double[wanted];
        }

        @Override
        void add(CodedInputStream in, int index) throws IOException {
            values[index] = in.readDouble();
        }

        @Override
        Elements elements() {
            return new Elements.Doubles(values);
        }
    }

    private static final class Strings extends Contents {
        private final byte[][] values;

        Strings(String tensor, Datatype datatype, int wanted) {
            super(tensor, datatype, wanted, 8, 2);
            values = new byte[wanted][];
        }

        @Override
        void add(CodedInputStream in, int index) throws IOException {
            values[index] = in.readByteArray();
        }

        @Override
        Elements elements() {
            return RawStrings.elements(values);
        }
    }
}
