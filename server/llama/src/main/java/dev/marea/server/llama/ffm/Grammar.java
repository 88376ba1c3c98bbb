package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Where one sequence stands in a grammar. Only allowed tokens may be accepted: llama.cpp ends the
 * process over another.
 */
public final class Grammar implements AutoCloseable {
    private static final long STRIDE = Structs.TOKEN_DATA.byteSize();

    private final GrammarCalls calls;
    private final MemorySegment state;
    // Parsed by one thread and used by another, and small: the collector frees it.
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment array = arena.allocate(Structs.TOKEN_DATA_ARRAY);
    private final MemorySegment one = arena.allocate(Structs.TOKEN_DATA);

    private Grammar(GrammarCalls calls, MemorySegment state) {
        this.calls = calls;
        this.state = state;
    }

    /** A grammar that llama.cpp does not take. */
    public static final class BadGrammar extends Exception {
        private static final long serialVersionUID = 1;

        BadGrammar(String message) {
            super(message, null, false, false);
        }
    }

    static Grammar parse(GrammarCalls calls, MemorySegment vocabulary, String gbnf)
            throws BadGrammar {
        try (var call = Arena.ofConfined()) {
            var state = calls.init(vocabulary, call.allocateFrom(gbnf), call.allocateFrom("root"));
            if (state.address() == 0) {
                throw new BadGrammar("the grammar cannot be parsed, or has no rule 'root'");
            }
            return new Grammar(calls, state);
        }
    }

    /** Another one that stands at the same place, for the same thread or another. */
    public Grammar copy() {
        return new Grammar(calls, calls.copy(state));
    }

    public boolean allows(int token) {
        one.set(JAVA_INT, 0, token);
        one.set(JAVA_FLOAT, 4, 0f);
        apply(one, 1);
        return one.get(JAVA_FLOAT, 4) != Float.NEGATIVE_INFINITY;
    }

    /** Sets the logits of tokens that are not allowed to negative infinity. */
    public void forbid(float[] logits) {
        try (var call = Arena.ofConfined()) {
            var all = call.allocate(STRIDE * logits.length, 4);
            for (int i = 0; i < logits.length; i++) {
                all.set(JAVA_INT, i * STRIDE, i);
                all.set(JAVA_FLOAT, i * STRIDE + 4, logits[i]);
            }
            apply(all, logits.length);
            for (int i = 0; i < logits.length; i++) {
                logits[i] = all.get(JAVA_FLOAT, i * STRIDE + 4);
            }
        }
    }

    private void apply(MemorySegment candidates, long count) {
        array.set(ADDRESS, 0, candidates);
        array.set(JAVA_LONG, 8, count);
        array.set(JAVA_LONG, 16, -1);
        array.set(JAVA_BYTE, 24, (byte) 0);
        calls.apply(state, array);
    }

    /** Steps on by a token that is allowed. */
    public void accept(int token) {
        calls.accept(state, token);
    }

    @Override
    public void close() {
        calls.free(state);
    }
}
