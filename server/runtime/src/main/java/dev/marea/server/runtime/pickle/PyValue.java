package dev.marea.server.runtime.pickle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A value that a pickle describes. Values may contain one another in circles, so nothing here walks
 * into its contents: equality is of scalars only, and text shows kinds and sizes.
 */
public sealed interface PyValue
        permits PyValue.None,
                PyValue.Bool,
                PyValue.Int,
                PyValue.BigInt,
                PyValue.Real,
                PyValue.Text,
                PyValue.Blob,
                PyValue.Sequence,
                PyValue.Global,
                PyDict,
                PyObject,
                NdArray,
                Dtype {

    /** What this is, for a message: "a tuple of 3". */
    String kind();

    enum None implements PyValue {
        NONE;

        @Override
        public String kind() {
            return "None";
        }
    }

    enum Bool implements PyValue {
        TRUE,
        FALSE;

        public static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }

        @Override
        public String kind() {
            return this == TRUE ? "True" : "False";
        }
    }

    record Int(long value) implements PyValue {
        @Override
        public String kind() {
            return "the integer " + value;
        }
    }

    /** An integer beyond 64 bits; random states hold some. */
    record BigInt(BigInteger value) implements PyValue {
        @Override
        public String kind() {
            return "an integer of " + value.bitLength() + " bits";
        }
    }

    record Real(double value) implements PyValue {
        @Override
        public String kind() {
            return "the number " + value;
        }
    }

    record Text(String value) implements PyValue {
        private static final int SHOWN_MAX = 60;

        @Override
        public String kind() {
            return value.length() <= SHOWN_MAX
                    ? "the string '" + value + "'"
                    : "a string of " + value.length();
        }
    }

    /** Bytes, or a byte string of Python 2: a window on the file, never written to. */
    record Blob(byte[] bytes, int from, int length) implements PyValue {
        public static Blob of(byte[] bytes) {
            return new Blob(bytes, 0, bytes.length);
        }

        @Override
        public String kind() {
            return length + " bytes";
        }
    }

    /** A list, tuple, set or frozenset. */
    final class Sequence implements PyValue {
        /** What the pickle called it. */
        enum Form {
            LIST,
            TUPLE,
            SET
        }

        private final Form form;
        private final List<PyValue> items;

        Sequence(Form form, List<PyValue> items) {
            this.form = form;
            this.items = items;
        }

        static Sequence emptyList() {
            return new Sequence(Form.LIST, new ArrayList<>(0));
        }

        Form form() {
            return form;
        }

        /** As the pickle left them once it is read; not to be changed. */
        public List<PyValue> items() {
            return items;
        }

        @Override
        public String kind() {
            return switch (form) {
                case LIST -> "a list of " + items.size();
                case TUPLE -> "a tuple of " + items.size();
                case SET -> "a set of " + items.size();
            };
        }
    }

    /** A name that Python would import; here it is only a name. */
    record Global(String module, String name) implements PyValue {
        public String full() {
            return module + "." + name;
        }

        @Override
        public String kind() {
            return "the class or function " + full();
        }
    }
}
