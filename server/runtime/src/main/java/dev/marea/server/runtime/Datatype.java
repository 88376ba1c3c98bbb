package dev.marea.server.runtime;

import java.util.Locale;
import java.util.Optional;

/** The element types of the Open Inference Protocol (V2), by their names on the wire. */
public enum Datatype {
    BOOL(1),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    BYTES(0);

    private final int size;

    Datatype(int size) {
        this.size = size;
    }

    /** Bytes of one element; 0 for BYTES, whose elements differ in length. */
    public int size() {
        return size;
    }

    public boolean isNumber() {
        return this != BYTES && this != BOOL;
    }

    public static Optional<Datatype> named(String wireName) {
        try {
            return Optional.of(valueOf(wireName.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}
