package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * One struct of parameters, whose fields are set by name. llama.cpp inserts fields between
 * versions, and a wrong offset would set another parameter in silence; so it is compared with the
 * library's own defaults, field by field and in length, before it is used.
 */
final class Struct {
    /** What memory holds where the library wrote nothing. */
    private static final byte UNTOUCHED = 0x55;

    private static final int SPARE = 512;

    private final StructLayout layout;
    private final MemorySegment values;

    private Struct(StructLayout layout, MemorySegment values) {
        this.layout = layout;
        this.values = values;
    }

    /**
     * The library's defaults.
     *
     * @param function returns the struct, through an oversized layout: see {@link #oversized}
     */
    static Struct defaults(StructLayout layout, MethodHandle function, Arena arena) {
        try {
            var room = arena.allocate(oversized(layout));
            room.fill(UNTOUCHED);
            SegmentAllocator into = (_, _) -> room;
            var values = (MemorySegment) function.invokeExact(into);
            return new Struct(layout, values);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    /** As the struct, with room for a longer one behind it, so that its true length shows. */
    static StructLayout oversized(StructLayout layout) {
        return MemoryLayout.structLayout(
                layout.withName("struct"),
                MemoryLayout.sequenceLayout(SPARE, JAVA_BYTE).withName("spare"));
    }

    /** Compares an int field with what the library's default is known to be. */
    Struct expect(String field, int known) {
        return expect(field, values.get(JAVA_INT, offset(field)), known);
    }

    Struct expect(String field, float known) {
        return expect(field, values.get(JAVA_FLOAT, offset(field)), known);
    }

    Struct expect(String field, boolean known) {
        return expect(field, values.get(JAVA_BYTE, offset(field)), (byte) (known ? 1 : 0));
    }

    private Struct expect(String field, Object found, Object known) {
        if (!found.equals(known)) {
            throw new UnusableNatives(
                    "%s.%s of this llama.cpp is %s by default and should be %s: another version"
                            .formatted(layout.name().orElseThrow(), field, found, known));
        }
        return this;
    }

    /** The library must have written up to the last field, and nothing behind the struct. */
    Struct expectLength() {
        for (long i = layout.byteSize(); i < layout.byteSize() + SPARE; i++) {
            if (values.get(JAVA_BYTE, i) != UNTOUCHED) {
                throw new UnusableNatives(
                        "%s of this llama.cpp is longer than %d bytes: another version"
                                .formatted(layout.name().orElseThrow(), layout.byteSize()));
            }
        }
        return this;
    }

    Struct with(String field, int value) {
        values.set(JAVA_INT, offset(field), value);
        return this;
    }

    Struct with(String field, boolean value) {
        values.set(JAVA_BYTE, offset(field), (byte) (value ? 1 : 0));
        return this;
    }

    Struct with(String field, MemorySegment pointer) {
        values.set(ValueLayout.ADDRESS, offset(field), pointer);
        return this;
    }

    MemorySegment segment() {
        return values.asSlice(0, layout.byteSize());
    }

    private long offset(String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }
}
