package dev.marea.server.models;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a model is asked before it is ready: the requests in its {@code warmup.json}, or one row of
 * zeros. Our own guess at a request may not fit the model; the owner's must.
 */
final class WarmUp {
    static final String FILE = "warmup.json";

    private static final int ELEMENTS_MAX = 1 << 22;

    private final Optional<Path> file;

    private WarmUp(Optional<Path> file) {
        this.file = file;
    }

    /** For a model's directory, a version in it, or a model's file. */
    static WarmUp of(Path model) {
        var inside = model.resolve(FILE);
        if (Files.isRegularFile(inside)) {
            return new WarmUp(Optional.of(inside));
        }
        var beside = model.resolveSibling(FILE);
        boolean ours = Files.isRegularFile(model) || isNumber(model.getFileName());
        return new WarmUp(
                ours && Files.isRegularFile(beside) ? Optional.of(beside) : Optional.empty());
    }

    private static boolean isNumber(Path name) {
        return name.toString().chars().allMatch(Character::isDigit);
    }

    void run(LoadedModel model) throws LoadFailure {
        if (file.isPresent()) {
            askAll(model, file.get());
        } else {
            askZeros(model);
        }
    }

    private static void askAll(LoadedModel model, Path file) throws LoadFailure {
        int number = 0;
        for (var request : WarmUpFile.read(file)) {
            try {
                model.predict(request.inputs(), new Asked(Optional.empty(), request.outputs()));
            } catch (BadInput | RuntimeException failed) {
                throw new LoadFailure(
                                file,
                                "the model fails on request %d: %s"
                                        .formatted(number, failed.getMessage()),
                                "mend that request, or the model")
                        .causedBy(failed);
            }
            number++;
        }
    }

    private static void askZeros(LoadedModel model) {
        var inputs = zeros(model.metadata().inputs());
        if (inputs.isEmpty()) {
            return;
        }
        try {
            model.predict(inputs.get(), Asked.PLAINLY);
        } catch (BadInput | RuntimeException guess) {
            System.getLogger(WarmUp.class.getName())
                    .log(System.Logger.Level.DEBUG, "a warm-up of zeros does not fit", guess);
        }
    }

    /** Empty where the metadata does not say enough for a guess that may fit. */
    static Optional<List<Tensor>> zeros(List<TensorSpec> specs) {
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
            var elements = zeros(spec.datatype(), (int) length);
            inputs.add(new Tensor(spec.name(), spec.datatype(), shape, elements));
        }
        return inputs.isEmpty() ? Optional.empty() : Optional.of(inputs);
    }

    private static Elements zeros(Datatype type, int length) {
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
