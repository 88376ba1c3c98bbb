package dev.marea.server.runtime;

/**
 * A tensor's elements, flat and row-major, in the plain array that holds its datatype: nothing is
 * boxed. The arrays are not copied: who hands one over no longer writes to it.
 *
 * <p>Unsigned types share the array of the signed type of their width, bit for bit; FP16 is kept as
 * its 16 bits; BYTES as text (binary strings will get a case of their own when something needs
 * them).
 */
public sealed interface Elements {
    int length();

    /** Whether elements of this datatype are kept in this kind of array. */
    boolean fits(Datatype datatype);

    record Bools(boolean[] values) implements Elements {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public boolean fits(Datatype datatype) {
            return datatype == Datatype.BOOL;
        }
    }

    record Bytes(byte[] values) implements Elements {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public boolean fits(Datatype datatype) {
            return datatype == Datatype.INT8 || datatype == Datatype.UINT8;
        }
    }

    record Shorts(short[] values) implements Elements {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public boolean fits(Datatype datatype) {
            return datatype == Datatype.INT16
                    || datatype == Datatype.UINT16
                    || datatype == Datatype.FP16;
        }
    }

    record Ints(int[] values) implements Elements {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public boolean fits(Datatype datatype) {
            return datatype == Datatype.INT32 || datatype == Datatype.UINT32;
        }
    }

    record Longs(long[] values) implements Elements {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public boolean fits(Datatype datatype) {
            return datatype == Datatype.INT64 || datatype == Datatype.UINT64;
        }
    }

    record Floats(float[] values) implements Elements {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public boolean fits(Datatype datatype) {
            return datatype == Datatype.FP32;
        }
    }

    record Doubles(double[] values) implements Elements {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public boolean fits(Datatype datatype) {
            return datatype == Datatype.FP64;
        }
    }

    record Texts(String[] values) implements Elements {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public boolean fits(Datatype datatype) {
            return datatype == Datatype.BYTES;
        }
    }
}
