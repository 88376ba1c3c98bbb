package dev.marea.server.llama.ffm;

import dev.marea.server.llama.gguf.GgmlType;

/**
 * How a model's context is made.
 *
 * @param cells tokens that it holds, of all sequences together
 * @param batch most tokens of one step
 * @param sequences most sequences at once, those kept for their prefix included
 * @param threads that one step keeps busy
 * @param embeddings whether it gives vectors in place of the next token
 */
public record ContextSettings(
        int cells, int batch, int sequences, int threads, GgmlType kv, boolean embeddings) {
    /** llama.cpp's own limit. */
    public static final int SEQUENCES_MOST = 256;

    public ContextSettings {
        if (cells < 8 || batch < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "need cells >= 8, batch >= 1 and threads >= 1, was %d, %d, %d"
                            .formatted(cells, batch, threads));
        }
        if (sequences < 1 || sequences > SEQUENCES_MOST) {
            throw new IllegalArgumentException(
                    "sequences must be 1..%d, was %d".formatted(SEQUENCES_MOST, sequences));
        }
    }
}
