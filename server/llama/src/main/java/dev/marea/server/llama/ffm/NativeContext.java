package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A model's context: the keys and values of its sequences, and the answers of the last step. All
 * sequences share its cells, so that a common beginning is kept once.
 */
public final class NativeContext implements AutoCloseable {
    private final ModelCalls models;
    private final ContextCalls calls;
    private final MemorySegment context;
    private final MemorySegment memory;
    private final int vocabularySize;
    private final int embeddingLength;
    private final Batch batch;

    NativeContext(
            ModelCalls models,
            MemorySegment context,
            int vocabularySize,
            int embeddingLength,
            int batchSize) {
        this.models = models;
        this.context = context;
        this.vocabularySize = vocabularySize;
        this.embeddingLength = embeddingLength;
        calls = models.contexts;
        memory = calls.memory(context);
        batch = new Batch(batchSize);
    }

    /** How a step ended. */
    public enum Step {
        DONE,
        /** The cells are full: nothing was changed. */
        FULL,
        /** Something that should not happen; the context is no good any more. */
        FAILED
    }

    /** The next step's tokens: filled by the caller, emptied by him too. */
    public Batch batch() {
        return batch;
    }

    /** Tokens that fit, of all sequences together; llama.cpp rounds what it was asked for. */
    public int cells() {
        return models.number("llama_n_ctx", context);
    }

    /**
     * How the embeddings of a text's tokens become one: 0 not at all, 1 mean, 2 first, 3 last, 4
     * rank.
     */
    public int pooling() {
        return models.number("llama_pooling_type", context);
    }

    /** Reads the batch and makes its answers. */
    public Step decode() {
        return step(calls.decode(context, batch.struct()));
    }

    /** As {@link #decode} for models that read in both directions. */
    public Step encode() {
        return step(calls.encode(context, batch.struct()));
    }

    private static Step step(int code) {
        return switch (code) {
            case 0 -> Step.DONE;
            case 1 -> Step.FULL;
            default -> Step.FAILED;
        };
    }

    /** The answers to one token of the last batch, of which its place is given. */
    public void logits(int place, float[] into) {
        copy(calls.logits(context, place), into, vocabularySize);
    }

    /** One token's own vector. */
    public float[] embedding(int place) {
        var into = new float[embeddingLength];
        copy(calls.embedding(context, place), into, embeddingLength);
        return into;
    }

    /**
     * The vector of a whole sequence.
     *
     * @param length more than the model's own where it ranks
     */
    public float[] pooled(int sequence, int length) {
        var into = new float[length];
        copy(calls.pooled(context, sequence), into, length);
        return into;
    }

    private static void copy(MemorySegment from, float[] into, int length) {
        if (from.address() == 0) {
            throw new IllegalStateException("llama.cpp has no answer where one was asked for");
        }
        MemorySegment.copy(from.reinterpret(4L * length), JAVA_FLOAT, 0, into, 0, length);
    }

    /** Forgets a sequence from a position on; whether that was possible. */
    public boolean cut(int sequence, int from) {
        return calls.remove(memory, sequence, from, -1);
    }

    /** Lets a sequence begin with the first tokens of another, without reading them again. */
    public void share(int from, int to, int tokens) {
        calls.copy(memory, from, to, 0, tokens);
    }

    /** Forgets everything. */
    public void clear() {
        calls.clear(memory);
    }

    /** Adapters that the next steps use, each with its weight; none for the model as it is. */
    public void adapt(List<Adapter> adapters, float scale) {
        try (var call = Arena.ofConfined()) {
            var which = call.allocate(ADDRESS, Math.max(1, adapters.size()));
            var scales = call.allocate(JAVA_FLOAT, Math.max(1, adapters.size()));
            for (int i = 0; i < adapters.size(); i++) {
                which.setAtIndex(ADDRESS, i, adapters.get(i).pointer());
                scales.setAtIndex(JAVA_FLOAT, i, scale);
            }
            if (calls.adapters(context, which, adapters.size(), scales) != 0) {
                throw new IllegalStateException("llama.cpp refuses the adapter for this model");
            }
        }
    }

    @Override
    public void close() {
        calls.free(context);
        batch.close();
    }
}
