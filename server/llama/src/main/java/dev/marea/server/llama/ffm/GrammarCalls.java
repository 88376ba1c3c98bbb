package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** llama.cpp's functions about grammars, which are samplers to it. */
final class GrammarCalls {
    private final MethodHandle init;
    private final MethodHandle apply;
    private final MethodHandle accept;
    private final MethodHandle copy;
    private final MethodHandle free;

    GrammarCalls(Symbols llama) {
        init = llama.returning(ADDRESS, "llama_sampler_init_grammar", ADDRESS, ADDRESS, ADDRESS);
        apply = llama.ofVoid("llama_sampler_apply", ADDRESS, ADDRESS);
        accept = llama.ofVoid("llama_sampler_accept", ADDRESS, JAVA_INT);
        copy = llama.returning(ADDRESS, "llama_sampler_clone", ADDRESS);
        free = llama.ofVoid("llama_sampler_free", ADDRESS);
    }

    MemorySegment init(MemorySegment vocabulary, MemorySegment gbnf, MemorySegment root) {
        try {
            return (MemorySegment) init.invokeExact(vocabulary, gbnf, root);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    void apply(MemorySegment sampler, MemorySegment candidates) {
        try {
            apply.invokeExact(sampler, candidates);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    void accept(MemorySegment sampler, int token) {
        try {
            accept.invokeExact(sampler, token);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    MemorySegment copy(MemorySegment sampler) {
        try {
            return (MemorySegment) copy.invokeExact(sampler);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    void free(MemorySegment sampler) {
        try {
            free.invokeExact(sampler);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }
}
