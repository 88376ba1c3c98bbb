package dev.marea.server.door;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.ModelRuntime;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Files that end in {@code .fake}: a model that gives its inputs back, and one of two inputs. */
final class FakeRuntime implements ModelRuntime {
    final CountDownLatch mayLoad;
    final Semaphore predicting = new Semaphore(0);
    final Semaphore mayPredict = new Semaphore(0);
    volatile boolean closed;

    FakeRuntime() {
        this(new CountDownLatch(0));
    }

    FakeRuntime(CountDownLatch mayLoad) {
        this.mayLoad = mayLoad;
    }

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
        try {
            mayLoad.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return switch (file.getFileName().toString()) {
            case "broken.fake" ->
                    throw LoadFailure.atByte(file, 17, "opcode 'x' is unknown", "save it again");
            case "bug.fake" -> throw new IllegalStateException("a bug in the loader");
            case "two.fake" ->
                    new Fake(
                            List.of(
                                    TensorSpec.of("a", Datatype.FP64, -1, 2),
                                    TensorSpec.of("b", Datatype.BYTES, -1)));
            case "whole.fake" -> new Fake(List.of(TensorSpec.of("input-0", Datatype.INT64, -1, 2)));
            case "parts.fake" ->
                    new Fake(List.of(TensorSpec.of("input-0", Datatype.FP64, -1)), true);
            default -> new Fake(List.of(TensorSpec.of("input-0", Datatype.FP64, -1, 2)));
        };
    }

    private final class Fake implements LoadedModel {
        private final ModelMetadata metadata;
        private final boolean streams;

        Fake(List<TensorSpec> inputs) {
            this(inputs, false);
        }

        Fake(List<TensorSpec> inputs, boolean streams) {
            this.streams = streams;
            metadata =
                    new ModelMetadata(
                            "fake",
                            inputs,
                            List.of(TensorSpec.of("output-0", Datatype.FP64, -1, 2)),
                            List.of(),
                            List.of(Method.PREDICT, Method.PREDICT_PROBA),
                            Map.of());
        }

        @Override
        public ModelMetadata metadata() {
            return metadata;
        }

        @Override
        public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
            var first = inputs.getFirst();
            if (asked.method().equals(java.util.Optional.of(Method.PREDICT_PROBA))) {
                return List.of(Tensor.of("probabilities", new int[] {1, 2}, 0.25, 0.75));
            }
            if (first.elements() instanceof Elements.Doubles(var values) && values.length > 0) {
                act(values[0]);
            }
            if (asked.outputs().contains("nothing")) {
                throw new BadInput("outputs", "has 'nothing'; the model gives output-0");
            }
            return inputs;
        }

        @Override
        public boolean streams() {
            return streams;
        }

        /** A part for each number. */
        @Override
        public void stream(List<Tensor> inputs, Asked asked, Consumer<List<Tensor>> part)
                throws BadInput {
            var first = inputs.getFirst();
            if (!streams || !(first.elements() instanceof Elements.Doubles(var values))) {
                part.accept(predict(inputs, asked));
                return;
            }
            for (double value : values) {
                act(value);
                part.accept(List.of(Tensor.of("output-0", new int[] {1}, value)));
            }
        }

        /** Some numbers make it misbehave. */
        private void act(double sign) throws BadInput {
            switch ((int) sign) {
                case -400 -> throw new BadInput("input-0", "must not be -400");
                case -500 -> throw new InferenceFailure("the graph failed", new Exception());
                case -501 -> throw new IllegalStateException("secret");
                case -1000 -> {
                    predicting.release();
                    mayPredict.acquireUninterruptibly();
                }
                default -> {}
            }
        }

        @Override
        public long bytes() {
            return 5;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
