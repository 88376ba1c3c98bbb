package dev.marea.server.predict;

import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.Tensor;
import java.util.List;

/** The limit of what one prediction may answer: a graph can make much out of little. */
final class AnswerSize {
    static final long BYTES_MAX = 64L << 20;

    private AnswerSize() {}

    static List<Tensor> checked(List<Tensor> outputs) {
        if (outputs.isEmpty()) {
            throw new InferenceFailure("the model gave no output", new IllegalStateException());
        }
        long bytes = 0;
        for (var output : outputs) {
            bytes += bytes(output);
        }
        if (bytes > BYTES_MAX) {
            throw new InferenceFailure(
                    "the model's answer has %d bytes; at most %d are sent"
                            .formatted(bytes, BYTES_MAX),
                    new IllegalStateException());
        }
        return outputs;
    }

    private static long bytes(Tensor tensor) {
        return switch (tensor.elements()) {
            case Elements.Texts(var values) -> {
                long length = 0;
                for (var value : values) {
                    length += value.length();
                }
                yield length;
            }
            case Elements.Blobs(var values) -> {
                long length = 0;
                for (var value : values) {
                    length += value.length;
                }
                yield length;
            }
            case Elements.Bools _,
                    Elements.Bytes _,
                    Elements.Shorts _,
                    Elements.Ints _,
                    Elements.Longs _,
                    Elements.Floats _,
                    Elements.Doubles _ ->
                    (long) tensor.elements().length() * tensor.datatype().size();
        };
    }
}
