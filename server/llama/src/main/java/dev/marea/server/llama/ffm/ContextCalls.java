package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** llama.cpp's functions about contexts and their memory, one method each. */
final class ContextCalls {
    private final MethodHandle free;
    private final MethodHandle decode;
    private final MethodHandle encode;
    private final MethodHandle logits;
    private final MethodHandle embedding;
    private final MethodHandle pooled;
    private final MethodHandle memory;
    private final MethodHandle remove;
    private final MethodHandle copy;
    private final MethodHandle clear;
    private final MethodHandle adapters;

    ContextCalls(Symbols llama) {
        free = llama.ofVoid("llama_free", ADDRESS);
        decode = llama.returning(JAVA_INT, "llama_decode", ADDRESS, Structs.BATCH);
        encode = llama.returning(JAVA_INT, "llama_encode", ADDRESS, Structs.BATCH);
        logits = llama.returning(ADDRESS, "llama_get_logits_ith", ADDRESS, JAVA_INT);
        embedding = llama.returning(ADDRESS, "llama_get_embeddings_ith", ADDRESS, JAVA_INT);
        pooled = llama.returning(ADDRESS, "llama_get_embeddings_seq", ADDRESS, JAVA_INT);
        memory = llama.returning(ADDRESS, "llama_get_memory", ADDRESS);
        remove =
                llama.returning(
                        JAVA_BOOLEAN, "llama_memory_seq_rm", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
        copy = llama.ofVoid("llama_memory_seq_cp", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
        clear = llama.ofVoid("llama_memory_clear", ADDRESS, JAVA_BOOLEAN);
        adapters =
                llama.returning(
                        JAVA_INT, "llama_set_adapters_lora", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    }

    void free(MemorySegment context) {
        try {
            free.invokeExact(context);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    int decode(MemorySegment context, MemorySegment batch) {
        try {
            return (int) decode.invokeExact(context, batch);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    int encode(MemorySegment context, MemorySegment batch) {
        try {
            return (int) encode.invokeExact(context, batch);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    MemorySegment logits(MemorySegment context, int row) {
        try {
            return (MemorySegment) logits.invokeExact(context, row);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    MemorySegment embedding(MemorySegment context, int row) {
        try {
            return (MemorySegment) embedding.invokeExact(context, row);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    MemorySegment pooled(MemorySegment context, int sequence) {
        try {
            return (MemorySegment) pooled.invokeExact(context, sequence);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    MemorySegment memory(MemorySegment context) {
        try {
            return (MemorySegment) memory.invokeExact(context);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    boolean remove(MemorySegment memory, int sequence, int from, int to) {
        try {
            return (boolean) remove.invokeExact(memory, sequence, from, to);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    void copy(MemorySegment memory, int from, int to, int begin, int end) {
        try {
            copy.invokeExact(memory, from, to, begin, end);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    void clear(MemorySegment memory) {
        try {
            clear.invokeExact(memory, false);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    int adapters(MemorySegment context, MemorySegment which, long count, MemorySegment scales) {
        try {
            return (int) adapters.invokeExact(context, which, count, scales);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }
}
