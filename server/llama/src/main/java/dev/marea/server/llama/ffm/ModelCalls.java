package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** llama.cpp's functions about models, vocabularies and adapters, one method each. */
final class ModelCalls {
    final ContextCalls contexts;
    final GrammarCalls grammars;
    private final MethodHandle load;
    private final MethodHandle free;
    private final MethodHandle newContext;
    private final MethodHandle vocabulary;
    private final MethodHandle metaValue;
    private final MethodHandle tokenize;
    private final MethodHandle toPiece;
    private final MethodHandle adapter;
    private final MethodHandle freeAdapter;
    private final Symbols llama;

    ModelCalls(Symbols llama) {
        this.llama = llama;
        contexts = new ContextCalls(llama);
        grammars = new GrammarCalls(llama);
        load =
                llama.returning(
                        ADDRESS, "llama_model_load_from_file", ADDRESS, Structs.MODEL_PARAMS);
        free = llama.ofVoid("llama_model_free", ADDRESS);
        newContext =
                llama.returning(ADDRESS, "llama_init_from_model", ADDRESS, Structs.CONTEXT_PARAMS);
        vocabulary = llama.returning(ADDRESS, "llama_model_get_vocab", ADDRESS);
        metaValue =
                llama.returning(
                        JAVA_INT, "llama_model_meta_val_str", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        tokenize =
                llama.returning(
                        JAVA_INT,
                        "llama_tokenize",
                        ADDRESS,
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_INT,
                        JAVA_BOOLEAN,
                        JAVA_BOOLEAN);
        toPiece =
                llama.returning(
                        JAVA_INT,
                        "llama_token_to_piece",
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_BOOLEAN);
        adapter = llama.returning(ADDRESS, "llama_adapter_lora_init", ADDRESS, ADDRESS);
        freeAdapter = llama.ofVoid("llama_adapter_lora_free", ADDRESS);
    }

    MemorySegment load(MemorySegment path, MemorySegment params) {
        try {
            return (MemorySegment) load.invokeExact(path, params);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    void free(MemorySegment model) {
        try {
            free.invokeExact(model);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    MemorySegment newContext(MemorySegment model, MemorySegment params) {
        try {
            return (MemorySegment) newContext.invokeExact(model, params);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    MemorySegment vocabulary(MemorySegment model) {
        try {
            return (MemorySegment) vocabulary.invokeExact(model);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    int metaValue(MemorySegment model, MemorySegment key, MemorySegment into, long size) {
        try {
            return (int) metaValue.invokeExact(model, key, into, size);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    int tokenize(
            MemorySegment vocabulary,
            MemorySegment text,
            int bytes,
            MemorySegment into,
            int most,
            boolean addSpecial,
            boolean parseSpecial) {
        try {
            return (int)
                    tokenize.invokeExact(
                            vocabulary, text, bytes, into, most, addSpecial, parseSpecial);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    int toPiece(
            MemorySegment vocabulary, int token, MemorySegment into, int most, boolean special) {
        try {
            return (int) toPiece.invokeExact(vocabulary, token, into, most, 0, special);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    MemorySegment adapter(MemorySegment model, MemorySegment path) {
        try {
            return (MemorySegment) adapter.invokeExact(model, path);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    void freeAdapter(MemorySegment adapter) {
        try {
            freeAdapter.invokeExact(adapter);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    /** A function that is asked once for one number of a model, vocabulary or context. */
    int number(String function, MemorySegment of) {
        try {
            return (int) llama.returning(JAVA_INT, function, ADDRESS).invokeExact(of);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    long longNumber(String function, MemorySegment of) {
        try {
            return (long) llama.returning(JAVA_LONG, function, ADDRESS).invokeExact(of);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    boolean flag(String function, MemorySegment of) {
        try {
            return (boolean) llama.returning(JAVA_BOOLEAN, function, ADDRESS).invokeExact(of);
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    /** A function about each token, as whether it ends a generation. */
    MethodHandle tokenFlag(String function) {
        return llama.returning(JAVA_BOOLEAN, function, ADDRESS, JAVA_INT);
    }
}
