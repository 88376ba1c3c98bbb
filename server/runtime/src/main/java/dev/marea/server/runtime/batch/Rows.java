package dev.marea.server.runtime.batch;

import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Rows of several requests as one request, and its answer as several. */
public final class Rows {
    private static final int ANY = -1;

    private Rows() {}

    /** Whether every input and output of this model has a first dimension of any size. */
    public static boolean areFree(ModelMetadata model) {
        return areFree(model.inputs()) && areFree(model.outputs());
    }

    private static boolean areFree(List<TensorSpec> specs) {
        for (var spec : specs) {
            if (spec.shape().isEmpty() || spec.shape().getFirst() != ANY) {
                return false;
            }
        }
        return !specs.isEmpty();
    }

    /** The rows of a request whose inputs agree on them; 0 where it cannot be joined with any. */
    public static int of(List<Tensor> inputs) {
        if (inputs.isEmpty() || inputs.getFirst().rank() == 0) {
            return 0;
        }
        int rows = inputs.getFirst().rows();
        for (var input : inputs) {
            if (input.rank() == 0 || input.rows() != rows) {
                return 0;
            }
        }
        return rows;
    }

    /** Whether two requests, each with rows, differ in nothing but these rows. */
    public static boolean agree(List<Tensor> one, List<Tensor> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!agree(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean agree(Tensor one, Tensor other) {
        return one.datatype() == other.datatype()
                && one.rank() == other.rank()
                && Arrays.equals(one.shape(), 1, one.rank(), other.shape(), 1, other.rank())
                && one.elements().getClass() == other.elements().getClass()
                && one.name().equals(other.name());
    }

    /** Requests that {@linkplain #agree agree}, one behind the other. */
    public static List<Tensor> joined(List<List<Tensor>> requests) {
        var inputs = new ArrayList<Tensor>();
        for (int i = 0; i < requests.getFirst().size(); i++) {
            inputs.add(joined(requests, i));
        }
        return inputs;
    }

    private static Tensor joined(List<List<Tensor>> requests, int input) {
        var first = requests.getFirst().get(input);
        var parts = new ArrayList<Elements>(requests.size());
        int rows = 0;
        int length = 0;
        for (var request : requests) {
            var part = request.get(input);
            rows += part.rows();
            length = Math.addExact(length, part.elements().length());
            parts.add(part.elements());
        }
        var shape = first.shape().clone();
        shape[0] = rows;
        return new Tensor(first.name(), first.datatype(), shape, Blocks.joined(parts, length));
    }

    /**
     * The answer for each request, by its number of rows; empty where an output has other rows than
     * were asked: then its first dimension is no batch.
     */
    public static Optional<List<List<Tensor>>> split(List<Tensor> outputs, int[] rows) {
        int all = Arrays.stream(rows).sum();
        for (var output : outputs) {
            if (output.rank() == 0 || output.rows() != all) {
                return Optional.empty();
            }
        }
        var answers = new ArrayList<List<Tensor>>(rows.length);
        int from = 0;
        for (int each : rows) {
            answers.add(part(outputs, from, each));
            from += each;
        }
        return Optional.of(answers);
    }

    private static List<Tensor> part(List<Tensor> outputs, int from, int rows) {
        var part = new ArrayList<Tensor>(outputs.size());
        for (var output : outputs) {
            int width = output.rows() == 0 ? 0 : output.elements().length() / output.rows();
            var shape = output.shape().clone();
            shape[0] = rows;
            part.add(
                    new Tensor(
                            output.name(),
                            output.datatype(),
                            shape,
                            Blocks.part(output.elements(), from * width, (from + rows) * width)));
        }
        return part;
    }
}
