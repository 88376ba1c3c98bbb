package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.marea.server.llama.natives.Natives;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * llama.cpp, opened in this process. It is never closed: a library cannot be unloaded while one of
 * its threads may still run, and a process that opened it serves one model.
 */
public final class Llama {
    /** LLAMA_LOAD_MODE_MMAP. */
    private static final int MAPPED = 1;

    private final Arena arena = Arena.global();
    private final NativeLog log = new NativeLog();
    private final ModelCalls models;
    private final MethodHandle modelDefaults;
    private final MethodHandle contextDefaults;

    private Llama(Symbols llama, Symbols ggml, Natives natives) throws Throwable {
        var version =
                NativeText.read(
                        (MemorySegment) llama.returning(ADDRESS, "llama_version").invokeExact(),
                        100);
        if (!version.startsWith(natives.version())) {
            throw new UnusableNatives(
                    "llama.cpp calls itself %s where %s was packed"
                            .formatted(version, natives.version()));
        }
        modelDefaults =
                llama.returning(
                        Struct.oversized(Structs.MODEL_PARAMS), "llama_model_default_params");
        contextDefaults =
                llama.returning(
                        Struct.oversized(Structs.CONTEXT_PARAMS), "llama_context_default_params");
        try (var checked = Arena.ofConfined()) {
            Structs.check(modelParams(checked), contextParams(checked));
        }
        llama.ofVoid("llama_log_set", ADDRESS, ADDRESS)
                .invokeExact(log.stub(arena), MemorySegment.NULL);
        ggml.ofVoid("ggml_backend_load_all_from_path", ADDRESS)
                .invokeExact(arena.allocateFrom(natives.directory().toString()));
        llama.ofVoid("llama_backend_init").invokeExact();
        models = new ModelCalls(llama);
    }

    /**
     * Opens the libraries and makes sure that they are those that this code was written for.
     *
     * @throws UnusableNatives when they are not
     */
    public static Llama open(Natives natives) {
        try {
            var directory = natives.directory();
            var ggml = library(directory.resolve("libggml.v" + natives.version() + ".so"));
            var llama = library(directory.resolve("libllama.v" + natives.version() + ".so"));
            return new Llama(llama, ggml, natives);
        } catch (UnusableNatives unusable) {
            throw unusable;
        } catch (IllegalArgumentException unopened) {
            throw new UnusableNatives("llama.cpp cannot be opened: " + unopened.getMessage());
        } catch (Throwable thrown) {
            throw Symbols.wronglyBound(thrown);
        }
    }

    private static Symbols library(Path file) {
        return new Symbols(SymbolLookup.libraryLookup(file, Arena.global()));
    }

    private Struct modelParams(Arena arena) {
        return Struct.defaults(Structs.MODEL_PARAMS, modelDefaults, arena);
    }

    Struct contextParams(Arena arena) {
        return Struct.defaults(Structs.CONTEXT_PARAMS, contextDefaults, arena);
    }

    ModelCalls models() {
        return models;
    }

    NativeLog log() {
        return log;
    }

    /**
     * Loads a model.
     *
     * @param repacked copies weights into the order that this CPU likes best, where it likes one:
     *     several times as fast; otherwise all are read where they lie, so that their pages are
     *     shared and can be dropped
     */
    public NativeModel load(Path gguf, boolean repacked) throws NotLoaded {
        try (var call = Arena.ofConfined()) {
            log.forget();
            var params =
                    modelParams(call)
                            .with("n_gpu_layers", 0)
                            .with("load_mode", MAPPED)
                            .with("use_extra_bufts", repacked);
            var model = models.load(call.allocateFrom(gguf.toString()), params.segment());
            if (model.address() == 0) {
                throw new NotLoaded(log.reason("llama.cpp gives no reason"));
            }
            return new NativeModel(this, model);
        }
    }

    /** A file that llama.cpp refused, with its reason. */
    public static final class NotLoaded extends Exception {
        private static final long serialVersionUID = 1;

        public NotLoaded(String message) {
            super(message, null, false, false);
        }
    }
}
