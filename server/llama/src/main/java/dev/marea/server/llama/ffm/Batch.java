package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;

/** The tokens of one step, each of one sequence at one position. */
public final class Batch implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final int capacity;
    private final MemorySegment struct = arena.allocate(Structs.BATCH);
    private final MemorySegment tokens;
    private final MemorySegment positions;
    private final MemorySegment sequences;
    private final MemorySegment outputs;
    private int size;

    Batch(int capacity) {
        this.capacity = capacity;
        tokens = arena.allocate(JAVA_INT, capacity);
        positions = arena.allocate(JAVA_INT, capacity);
        sequences = arena.allocate(JAVA_INT, capacity);
        outputs = arena.allocate(JAVA_BYTE, capacity);
        var counts = arena.allocate(JAVA_INT, capacity);
        var pointers = arena.allocate(ADDRESS, capacity);
        for (int i = 0; i < capacity; i++) {
            counts.setAtIndex(JAVA_INT, i, 1);
            pointers.setAtIndex(ADDRESS, i, sequences.asSlice(4L * i));
        }
        point("token", tokens);
        point("embd", MemorySegment.NULL);
        point("pos", positions);
        point("n_seq_id", counts);
        point("seq_id", pointers);
        point("logits", outputs);
    }

    private void point(String field, MemorySegment to) {
        struct.set(ADDRESS, Structs.BATCH.byteOffset(PathElement.groupElement(field)), to);
    }

    public int size() {
        return size;
    }

    /** Tokens of a step at most. */
    public int capacity() {
        return capacity;
    }

    /** How many more fit. */
    public int room() {
        return capacity - size;
    }

    /**
     * Adds a token; its place in the batch.
     *
     * @param answer whether its answer is wanted
     */
    public int add(int token, int position, int sequence, boolean answer) {
        if (size == capacity) {
            throw new IllegalStateException("the batch is full");
        }
        tokens.setAtIndex(JAVA_INT, size, token);
        positions.setAtIndex(JAVA_INT, size, position);
        sequences.setAtIndex(JAVA_INT, size, sequence);
        outputs.set(JAVA_BYTE, size, (byte) (answer ? 1 : 0));
        return size++;
    }

    public void clear() {
        size = 0;
    }

    MemorySegment struct() {
        struct.set(JAVA_INT, 0, size);
        return struct;
    }

    @Override
    public void close() {
        arena.close();
    }
}
