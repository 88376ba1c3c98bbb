package dev.marea.server.runtime.fuzz;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Loads bytes as a model file and, if that succeeds, asks the model: a file that loads must answer.
 * Only the declared failures are caught.
 */
final class ModelProbe {
    private static final int ROWS = 3;
    private static final int NUMBERS_MAX = 1 << 16;

    private final ModelRuntime runtime;
    private final Path file;

    /** One file that every input is written to; in memory where the system offers that. */
    ModelProbe(ModelRuntime runtime, String ending) {
        this.runtime = runtime;
        var memory = Path.of("/dev/shm");
        try {
            this.file =
                    Files.isWritable(memory)
                            ? Files.createTempFile(memory, "marea-fuzz", ending)
                            : Files.createTempFile("marea-fuzz", ending);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        file.toFile().deleteOnExit();
    }

    void load(byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        try (var model = runtime.load(file)) {
            ask(model);
        } catch (LoadFailure declared) {
            checkSays(String.valueOf(declared.getMessage()));
        }
    }

    private static void checkSays(String message) {
        if (message.length() > 4_000) {
            throw new AssertionError("a reason of " + message.length() + " characters");
        }
    }

    private static void ask(LoadedModel model) {
        var inputs = model.metadata().inputs().stream().map(ModelProbe::tensor).toList();
        if (inputs.stream().anyMatch(Optional::isEmpty)) {
            return;
        }
        var tensors = inputs.stream().map(Optional::orElseThrow).toList();
        for (var method : model.metadata().methods()) {
            try {
                check(model.predict(tensors, Asked.of(method)));
            } catch (BadInput declared) {
                checkSays(String.valueOf(declared.getMessage()));
            }
        }
    }

    private static void check(List<Tensor> outputs) {
        if (outputs.isEmpty()) {
            throw new AssertionError("no output");
        }
    }

    /** Small whole numbers or words; empty where the model wants more of them than is sensible. */
    private static Optional<Tensor> tensor(TensorSpec spec) {
        var shape = spec.shape().stream().mapToInt(size -> size < 0 ? ROWS : size).toArray();
        long count = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        if (count > NUMBERS_MAX) {
            return Optional.empty();
        }
        if (spec.datatype() == Datatype.BYTES) {
            var words = new String[(int) count];
            Arrays.setAll(words, i -> "word " + i);
            return Optional.of(Tensor.of(spec.name(), shape, words));
        }
        var numbers = new double[(int) count];
        Arrays.setAll(numbers, i -> i % 7);
        return Optional.of(
                new Tensor(spec.name(), Datatype.FP64, shape, new Elements.Doubles(numbers)));
    }
}
