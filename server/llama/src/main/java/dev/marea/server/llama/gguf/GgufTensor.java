package dev.marea.server.llama.gguf;

import java.util.List;

/**
 * A tensor as the file lists it.
 *
 * @param dimensions the fastest first, as in the file
 * @param offset from the beginning of the tensors' data
 */
public record GgufTensor(
        String name, GgmlType type, List<Long> dimensions, long offset, long bytes) {
    public GgufTensor {
        dimensions = List.copyOf(dimensions);
    }
}
