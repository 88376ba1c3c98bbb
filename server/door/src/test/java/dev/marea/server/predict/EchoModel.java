package dev.marea.server.predict;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Gives its input back, and remembers how many rows it was asked at once. */
class EchoModel implements LoadedModel {
    final List<Integer> runs = new ArrayList<>();
    private final int firstDimension;

    EchoModel() {
        this(-1);
    }

    EchoModel(int firstDimension) {
        this.firstDimension = firstDimension;
    }

    @Override
    public ModelMetadata metadata() {
        return new ModelMetadata(
                "echo",
                List.of(TensorSpec.of("x", Datatype.FP64, firstDimension, -1)),
                List.of(TensorSpec.of("y", Datatype.FP64, firstDimension, -1)),
                List.of(),
                List.of(Method.PREDICT),
                Map.of());
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
        synchronized (runs) {
            runs.add(inputs.getFirst().rows());
        }
        return List.of(inputs.getFirst().named("y"));
    }

    List<Integer> runs() {
        synchronized (runs) {
            return List.copyOf(runs);
        }
    }

    /** Rows of one number: n, n, n … */
    static Tensor rows(int rows, int width, double value) {
        var values = new double[rows * width];
        Arrays.fill(values, value);
        return Tensor.of("x", new int[] {rows, width}, values);
    }

    @Override
    public long bytes() {
        return 1;
    }

    @Override
    public void close() {}
}
