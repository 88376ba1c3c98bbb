package dev.marea.server.llama.gguf;

/**
 * What serving a model takes, known before anything is loaded.
 *
 * @param weights of the file
 * @param context keys and values of all cells
 * @param work what one step needs beside them
 */
public record MemoryNeed(long weights, long context, long work) {
    /** The engine's process itself: its JVM, the libraries, their tables. */
    private static final long PROCESS = 120L << 20;

    /**
     * Adds it up.
     *
     * @param cells tokens that the context holds
     * @param batch most tokens of one step
     * @param answers most tokens of one step whose logits are wanted
     */
    public static MemoryNeed of(GgufFile file, long cells, GgmlType kv, int batch, int answers) {
        long width = file.own("embedding_length").orElse(0);
        long inner = file.own("feed_forward_length").orElse(4 * width);
        long words = Math.max(file.count("tokenizer.ggml.tokens"), 1);
        long work = batch * (6 * width + 3 * inner) * 4 + answers * words * 4 * 2;
        return new MemoryNeed(
                file.dataBytes(), (long) (cells * bytesPerToken(file, kv)), work + PROCESS);
    }

    /** Keys and values of one token in all layers. */
    public static double bytesPerToken(GgufFile file, GgmlType kv) {
        long layers = file.own("block_count").orElse(0);
        long heads = Math.max(1, file.own("attention.head_count").orElse(1));
        long width = file.own("embedding_length").orElse(0);
        long key = file.own("attention.key_length").orElse(width / heads);
        long value = file.own("attention.value_length").orElse(width / heads);
        return file.ownOverLayers("attention.head_count_kv", layers, heads)
                * (key + value)
                * kv.bytesEach();
    }

    public long total() {
        return weights + context + work;
    }

    @Override
    public String toString() {
        return "%d MiB (weights %d, context %d, work %d)"
                .formatted(total() >> 20, weights >> 20, context >> 20, work >> 20);
    }
}
