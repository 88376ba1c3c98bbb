package dev.marea.server.llama.gguf;

import java.util.List;

/** A value of a file's metadata. */
public sealed interface GgufValue {
    /** A whole number; an unsigned one of 64 bits beyond a long's range is refused. */
    record Whole(long value) implements GgufValue {}

    record Decimal(double value) implements GgufValue {}

    record Flag(boolean value) implements GgufValue {}

    record Text(String value) implements GgufValue {}

    /**
     * A list; only a short one of numbers has its values here, vocabularies stay in the file.
     *
     * @param count of elements in the file
     */
    record Many(long count, List<Long> wholes) implements GgufValue {
        public Many {
            wholes = List.copyOf(wholes);
        }
    }
}
