package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A model's tokens and texts. Any thread may ask. */
public final class Vocabulary {
    /** No token's text is longer. */
    private static final int PIECE_BYTES_MAX = 4_096;

    private final ModelCalls calls;
    private final MemorySegment vocabulary;
    private final int size;
    private final MethodHandle isEog;
    private final AtomicReferenceArray<byte @Nullable []> texts;
    private final AtomicReferenceArray<byte @Nullable []> specials;

    Vocabulary(ModelCalls calls, MemorySegment vocabulary) {
        this.calls = calls;
        this.vocabulary = vocabulary;
        size = calls.number("llama_vocab_n_tokens", vocabulary);
        isEog = calls.tokenFlag("llama_vocab_is_eog");
        texts = new AtomicReferenceArray<>(size);
        specials = new AtomicReferenceArray<>(size);
    }

    MemorySegment pointer() {
        return vocabulary;
    }

    public int size() {
        return size;
    }

    /** Begins a text, or -1. */
    public int bos() {
        return calls.number("llama_vocab_bos", vocabulary);
    }

    /** Ends a text, or -1. */
    public int eos() {
        return calls.number("llama_vocab_eos", vocabulary);
    }

    /** Between two texts of one input, or -1. */
    public int sep() {
        return calls.number("llama_vocab_sep", vocabulary);
    }

    /** Whether texts get a beginning by the model's own wish. */
    public boolean addsBos() {
        return calls.flag("llama_vocab_get_add_bos", vocabulary);
    }

    /** Whether a generation ends with this token. */
    public boolean ends(int token) {
        return asked(isEog, token);
    }

    private boolean asked(MethodHandle flag, int token) {
        try {
            return (boolean) flag.invokeExact(vocabulary, token);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    /** Names of the tokens that mean something other than their text. */
    public List<String> controlNames() {
        var isControl = calls.tokenFlag("llama_vocab_is_control");
        var names = new ArrayList<String>();
        for (int token = 0; token < size; token++) {
            if (asked(isControl, token)) {
                names.add(new String(piece(token, true), StandardCharsets.UTF_8));
            }
        }
        names.removeIf(String::isEmpty);
        return names;
    }

    /**
     * Cuts a text into tokens.
     *
     * @param addSpecial with what the model wants at the beginning and end of a text
     * @param parseSpecial whether names of control tokens in the text become those tokens; never
     *     for what a user wrote
     */
    public int[] tokenize(String text, boolean addSpecial, boolean parseSpecial) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        try (var call = Arena.ofConfined()) {
            var in = call.allocateFrom(JAVA_BYTE, bytes.length == 0 ? new byte[1] : bytes);
            int room = bytes.length + 8;
            var out = call.allocate(JAVA_INT, room);
            int n =
                    calls.tokenize(
                            vocabulary, in, bytes.length, out, room, addSpecial, parseSpecial);
            if (n < 0) { // never seen: a token is at least a byte
                out = call.allocate(JAVA_INT, -n);
                n = calls.tokenize(vocabulary, in, bytes.length, out, -n, addSpecial, parseSpecial);
            }
            return out.asSlice(0, 4L * n).toArray(JAVA_INT);
        }
    }

    /**
     * A token's bytes, which may be a part of a character. The caller must not change them.
     *
     * @param special whether control tokens have their name as text, else none
     */
    public byte[] piece(int token, boolean special) {
        var known = special ? specials : texts;
        var bytes = known.get(token);
        if (bytes == null) {
            bytes = read(token, special);
            known.set(token, bytes);
        }
        return bytes;
    }

    private byte[] read(int token, boolean special) {
        try (var call = Arena.ofConfined()) {
            var into = call.allocate(PIECE_BYTES_MAX);
            int n = calls.toPiece(vocabulary, token, into, PIECE_BYTES_MAX, special);
            return n <= 0 ? new byte[0] : into.asSlice(0, n).toArray(JAVA_BYTE);
        }
    }

    /**
     * A grammar, at its beginning.
     *
     * @param gbnf with a rule named {@code root}
     */
    public Grammar grammar(String gbnf) throws Grammar.BadGrammar {
        return Grammar.parse(calls.grammars, vocabulary, gbnf);
    }
}
