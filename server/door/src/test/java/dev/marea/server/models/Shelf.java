package dev.marea.server.models;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.ModelRuntime;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Models of files that end in {@code .fake} and say how many bytes they will hold; or {@code bad}.
 * Remembers what was loaded and closed.
 */
final class Shelf implements ModelRuntime {
    final List<String> loads = new ArrayList<>();
    final List<String> closes = new ArrayList<>();
    final List<Tensor> asked = new ArrayList<>();

    @Override
    public String format() {
        return "fake";
    }

    @Override
    public List<String> endings() {
        return List.of(".fake");
    }

    @Override
    public LoadedModel load(Path file) throws LoadFailure {
        var text = text(file);
        loads.add(text);
        return switch (text) {
            case "bad" ->
                    throw LoadFailure.atByte(file, 3, "opcode 'x' is unknown", "save it again");
            case "bug" -> throw new IllegalStateException("a bug in the loader");
            default -> new OnShelf(text, bytes(text));
        };
    }

    /** The number in front. */
    private static long bytes(String text) {
        int space = text.indexOf(' ');
        return Long.parseLong(space < 0 ? text : text.substring(0, space));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private final class OnShelf implements LoadedModel {
        private final String text;
        private final long bytes;

        OnShelf(String text, long bytes) {
            this.text = text;
            this.bytes = bytes;
        }

        @Override
        public ModelMetadata metadata() {
            return new ModelMetadata(
                    text,
                    List.of(TensorSpec.of("x", Datatype.FP64, -1, 2)),
                    List.of(TensorSpec.of("y", Datatype.FP64, -1, 2)),
                    List.of(),
                    List.of(Method.PREDICT),
                    Map.of());
        }

        @Override
        public List<Tensor> predict(List<Tensor> inputs, Asked how) throws BadInput {
            var input = inputs.getFirst();
            asked.add(input);
            if (!input.name().equals("x")) {
                throw new BadInput(input.name(), "is no input; the model's is x");
            }
            return inputs;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() {
            closes.add(text);
        }
    }
}
