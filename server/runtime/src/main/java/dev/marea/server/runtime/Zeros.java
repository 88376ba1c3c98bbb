package dev.marea.server.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One row of zeros for what a model says that it takes: a guess at a request. */
public final class Zeros {
    private static final int ELEMENTS_MAX = 1 << 22;

    private Zeros() {}

    /** Empty where the metadata does not say enough for a guess that may fit. */
    public static Optional<List<Tensor>> of(List<TensorSpec> specs) {
        var inputs = new ArrayList<Tensor>();
        for (var spec : specs) {
            var shape = new int[spec.shape().size()];
            long length = 1;
            for (int i = 0; i < shape.length; i++) {
                shape[i] = Math.max(1, spec.shape().get(i));
                length = Math.min(length * shape[i], Integer.MAX_VALUE);
            }
            if (length > ELEMENTS_MAX) {
                return Optional.empty();
            }
            var elements = elements(spec.datatype(), (int) length);
            inputs.add(new Tensor(spec.name(), spec.datatype(), shape, elements));
        }
        return inputs.isEmpty() ? Optional.empty() : Optional.of(inputs);
    }

    private static Elements elements(Datatype type, int length) {
        return switch (type) {
            case BOOL -> new Elements.Bools(new boolean[length]);
            case INT8, UINT8 -> new Elements.Bytes(new byte[length]);
            case INT16, UINT16, FP16, BF16 -> new Elements.Shorts(new short[length]);
            case INT32, UINT32 -> new Elements.Ints(new int[length]);
            case INT64, UINT64 -> new Elements.Longs(new long[length]);
            case FP32 -> new Elements.Floats(new float[length]);
            case FP64 -> new Elements.Doubles(new double[length]);
            case BYTES -> {
                var texts = new String[length];
                Arrays.fill(texts, "");
                yield new Elements.Texts(texts);
            }
        };
    }
}
