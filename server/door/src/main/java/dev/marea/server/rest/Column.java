package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.tensors.RawStrings;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A tensor's elements while they are read from JSON, straight into the array of their type. */
abstract sealed class Column {
    /** The name under which V1 has bytes that are no text. */
    static final String B64 = "b64";

    private static final int FIRST = 16;

    final String tensor;
    final Datatype datatype;
    int size;

    private Column(String tensor, Datatype datatype) {
        this.tensor = tensor;
        this.datatype = datatype;
    }

    static Column of(String tensor, Datatype datatype) throws Refused {
        return switch (datatype) {
            case FP64 -> new Doubles(tensor);
            case FP32 -> new Floats(tensor);
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
                    new Integers(tensor, datatype);
            case BOOL -> new Booleans(tensor);
            case BYTES -> new Texts(tensor);
            case FP16, BF16 ->
                    throw Refused.badInput(
                            "Receiving "
                                    + datatype
                                    + " data via JSON is not supported. Please use the binary"
                                    + " data format for input "
                                    + tensor);
        };
    }

    /** Takes the value that the parser stands on. */
    abstract void add(JsonParser json) throws IOException, Refused;

    /** A column of text whose first rows are missing. */
    static Column ofTexts(String tensor, int missing) {
        var column = new Texts(tensor);
        column.values = new String[missing + FIRST];
        Arrays.fill(column.values, 0, missing, Elements.Texts.MISSING);
        column.size = missing;
        return column;
    }

    /** The same for one cell of a table, whose numbers may be true and false as pandas has them. */
    void addCell(JsonParser json) throws IOException, Refused {
        add(json);
    }

    abstract Elements elements();

    Refused mismatch(JsonParser json) throws IOException {
        var text = json.currentToken().isScalarValue() ? json.getText() : "no value";
        return Refused.badInput(
                "input '%s': element %d is %s, not %s"
                        .formatted(tensor, size, shortened(text), datatype));
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static int grown(int length) {
        return length + (length >> 1) + 1;
    }

    private static final class Doubles extends Column {
        private double[] values = new double[FIRST];

        Doubles(String tensor) {
            super(tensor, Datatype.FP64);
        }

        @Override
        void add(JsonParser json) throws IOException, Refused {
            add(real(json, this));
        }

        @Override
        void addCell(JsonParser json) throws IOException, Refused {
            switch (json.currentToken()) {
                case VALUE_TRUE -> add(1);
                case VALUE_FALSE -> add(0);
                default -> add(json);
            }
        }

        private void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size));
            }
            values[size++] = value;
        }

        /** Null is a missing value: JSON has no other word for NaN. */
        static double real(JsonParser json, Column column) throws IOException, Refused {
            var token = json.currentToken();
            if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
                double value = Decimals.of(json);
                if (Double.isFinite(value)) {
                    return value;
                }
            } else if (token == JsonToken.VALUE_NULL) {
                return Double.NaN;
            }
            throw column.mismatch(json);
        }

        @Override
        Elements elements() {
            return new Elements.Doubles(Arrays.copyOf(values, size));
        }
    }

    private static final class Floats extends Column {
        private float[] values = new float[FIRST];

        Floats(String tensor) {
            super(tensor, Datatype.FP32);
        }

        @Override
        void add(JsonParser json) throws IOException, Refused {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size));
            }
            double value = Doubles.real(json, this);
            values[size] = (float) value;
            if (Float.isInfinite(values[size])) {
                throw mismatch(json);
            }
            size++;
        }

        @Override
        Elements elements() {
            return new Elements.Floats(Arrays.copyOf(values, size));
        }
    }

    private static final class Integers extends Column {
        private long[] values = new long[FIRST];
        private final long least;
        private final long most;

        Integers(String tensor, Datatype datatype) {
            super(tensor, datatype);
            int bits = datatype.size() * 8;
            boolean unsigned = datatype.name().startsWith("U");
            least = unsigned ? 0 : -1L << (bits - 1);
            most = bits == 64 ? Long.MAX_VALUE : (1L << (unsigned ? bits : bits - 1)) - 1;
        }

        @Override
        void add(JsonParser json) throws IOException, Refused {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size));
            }
            values[size] = whole(json);
            size++;
        }

        /** Takes 5.0 for 5, as clients that know only one number type write it. */
        private long whole(JsonParser json) throws IOException, Refused {
            long value =
                    switch (json.currentToken()) {
                        case VALUE_NUMBER_INT -> {
                            if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                                yield large(json);
                            }
                            yield json.getLongValue();
                        }
                        case VALUE_NUMBER_FLOAT -> {
                            double real = json.getDoubleValue();
                            if (real != Math.rint(real) || Math.abs(real) >= 0x1p63) {
                                throw mismatch(json);
                            }
                            yield (long) real;
                        }
                        default -> throw mismatch(json);
                    };
            boolean wide = datatype == Datatype.UINT64 && isLarge(json);
            if (!wide && (value < least || value > most)) {
                throw mismatch(json);
            }
            return value;
        }

        private static boolean isLarge(JsonParser json) throws IOException {
            return json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && json.getNumberType() == JsonParser.NumberType.BIG_INTEGER;
        }

        private long large(JsonParser json) throws IOException, Refused {
            BigInteger value = json.getBigIntegerValue();
            if (datatype != Datatype.UINT64 || value.signum() < 0 || value.bitLength() > 64) {
                throw mismatch(json);
            }
            return value.longValue();
        }

        @Override
        Elements elements() {
            return switch (datatype.size()) {
                case 1 -> {
                    var narrow = new byte[size];
                    for (int i = 0; i < size; i++) {
                        narrow[i] = (byte) values[i];
                    }
                    yield new Elements.Bytes(narrow);
                }
                case 2 -> {
                    var narrow = new short[size];
                    for (int i = 0; i < size; i++) {
                        narrow[i] = (short) values[i];
                    }
                    yield new Elements.Shorts(narrow);
                }
                case 4 -> {
                    var narrow = new int[size];
                    for (int i = 0; i < size; i++) {
                        narrow[i] = (int) values[i];
                    }
                    yield new Elements.Ints(narrow);
                }
                default -> new Elements.Longs(Arrays.copyOf(values, size));
            };
        }
    }

    private static final class Booleans extends Column {
        private boolean[] values = new boolean[FIRST];

        Booleans(String tensor) {
            super(tensor, Datatype.BOOL);
        }

        @Override
        void add(JsonParser json) throws IOException, Refused {
            var token = json.currentToken();
            if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                throw mismatch(json);
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size));
            }
            values[size++] = token == JsonToken.VALUE_TRUE;
        }

        @Override
        Elements elements() {
            return new Elements.Bools(Arrays.copyOf(values, size));
        }
    }

    /** Text, or bytes as {@code {"b64": …}}; null is a missing value. */
    private static final class Texts extends Column {
        private String[] values = new String[FIRST];
        private byte @Nullable [] @Nullable [] blobs;

        Texts(String tensor) {
            super(tensor, Datatype.BYTES);
        }

        @Override
        void add(JsonParser json) throws IOException, Refused {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size));
            }
            switch (json.currentToken()) {
                case VALUE_STRING -> values[size] = JsonBody.text(json, tensor);
                case VALUE_NULL -> values[size] = Elements.Texts.MISSING;
                case START_OBJECT, FIELD_NAME -> blob(json);
                default -> throw mismatch(json);
            }
            size++;
        }

        private void blob(JsonParser json) throws IOException, Refused {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                json.nextToken();
            }
            if (json.currentToken() != JsonToken.FIELD_NAME
                    || !json.currentName().equals(B64)
                    || json.nextToken() != JsonToken.VALUE_STRING) {
                throw noBlob();
            }
            var all = blobs == null ? new byte[values.length][] : blobs;
            blobs = all.length <= size ? Arrays.copyOf(all, values.length) : all;
            blobs[size] = Base64Text.bytes(tensor, size, json.getText());
            values[size] = "";
            if (json.nextToken() != JsonToken.END_OBJECT) {
                throw noBlob();
            }
        }

        private Refused noBlob() {
            return Refused.badInput(
                    "input '%s': element %d is an object, but not {\"b64\": \"...\"}"
                            .formatted(tensor, size));
        }

        @Override
        Elements elements() {
            var some = blobs;
            if (some == null) {
                return new Elements.Texts(Arrays.copyOf(values, size));
            }
            var all = new byte[size][];
            for (int i = 0; i < size; i++) {
                var blob = i < some.length ? some[i] : null;
                all[i] = blob == null ? RawStrings.bytes(values[i]) : blob;
            }
            return RawStrings.elements(all);
        }
    }
}
