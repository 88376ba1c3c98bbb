package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A model in memory. Contexts and adapters made from it must be closed before it. */
public final class NativeModel implements AutoCloseable {
    private static final int META_BYTES_MAX = 1 << 20;

    private final Llama llama;
    private final MemorySegment model;
    private final Vocabulary vocabulary;

    NativeModel(Llama llama, MemorySegment model) {
        this.llama = llama;
        this.model = model;
        vocabulary = new Vocabulary(llama.models(), llama.models().vocabulary(model));
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The longest context that it was trained on. */
    public int contextTrained() {
        return llama.models().number("llama_model_n_ctx_train", model);
    }

    /** How many numbers an embedding has. */
    public int embeddingLength() {
        return llama.models().number("llama_model_n_embd_out", model);
    }

    /** Answers of a model that ranks, or 0. */
    public int classes() {
        return llama.models().number("llama_model_n_cls_out", model);
    }

    /** What its weights take. */
    public long bytes() {
        return llama.models().longNumber("llama_model_size", model);
    }

    /** Whether its text is read at once, in both directions, as BERT does. */
    public boolean encodesOnly() {
        return !llama.models().flag("llama_model_has_decoder", model)
                || meta("general.architecture").orElse("").contains("bert");
    }

    /**
     * Whether the state of a sequence cannot be cut or shared in the middle, as of models that keep
     * a summary of what they read instead of each token.
     */
    public boolean isRecurrent() {
        return llama.models().flag("llama_model_is_recurrent", model)
                || llama.models().flag("llama_model_is_hybrid", model);
    }

    /** A text of the file's metadata. */
    public Optional<String> meta(String key) {
        try (var call = Arena.ofConfined()) {
            var name = call.allocateFrom(key);
            int length = llama.models().metaValue(model, name, MemorySegment.NULL, 0);
            if (length < 0 || length >= META_BYTES_MAX) {
                return Optional.empty();
            }
            var into = call.allocate(length + 1L);
            llama.models().metaValue(model, name, into, length + 1L);
            return Optional.of(
                    new String(into.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8));
        }
    }

    /** A context for one thread. */
    public NativeContext context(ContextSettings settings) throws Llama.NotLoaded {
        try (var call = Arena.ofConfined()) {
            llama.log().forget();
            var params =
                    llama.contextParams(call)
                            .with("n_ctx", settings.cells())
                            .with("n_batch", settings.batch())
                            .with("n_ubatch", settings.batch())
                            .with("n_seq_max", settings.sequences())
                            .with("n_threads", settings.threads())
                            .with("n_threads_batch", settings.threads())
                            .with("type_k", settings.kv().code())
                            .with("type_v", settings.kv().code())
                            .with("flash_attn_type", settings.embeddings() ? -1 : 1)
                            .with("embeddings", settings.embeddings())
                            .with("kv_unified", true);
            var context = llama.models().newContext(model, params.segment());
            if (context.address() == 0) {
                throw new Llama.NotLoaded(
                        llama.log().reason("llama.cpp cannot make a context and gives no reason"));
            }
            return new NativeContext(
                    llama.models(),
                    context,
                    vocabulary.size(),
                    embeddingLength(),
                    settings.batch());
        }
    }

    /** A LoRA adapter of this model, from a GGUF file. */
    public Adapter adapter(Path gguf) throws Llama.NotLoaded {
        try (var call = Arena.ofConfined()) {
            llama.log().forget();
            var adapter = llama.models().adapter(model, call.allocateFrom(gguf.toString()));
            if (adapter.address() == 0) {
                throw new Llama.NotLoaded(llama.log().reason("llama.cpp gives no reason"));
            }
            return new Adapter(llama.models(), adapter);
        }
    }

    @Override
    public void close() {
        llama.models().free(model);
    }
}
