package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.server.tensors.RawStrings;
import dev.marea.server.tensors.RawTensors;
import java.util.Arrays;

/** Triton's shortest request: no JSON, the body is the bytes of the model's only input. */
final class RawRequest {
    private RawRequest() {}

    static Tensor input(Bytes body, ModelMetadata model) throws Refused {
        if (model.inputs().size() != 1) {
            throw Refused.badInput(
                    "a body without JSON needs a model of one input; this one has "
                            + model.inputs().size());
        }
        var spec = model.inputs().getFirst();
        return spec.datatype() == Datatype.BYTES
                ? element(body, spec)
                : RawTensors.read(
                        spec.name(), spec.datatype(), shape(spec, body.length()), body.buffer());
    }

    /** The body is one string. */
    private static Tensor element(Bytes body, TensorSpec spec) {
        var shape = new int[Math.max(1, spec.shape().size())];
        Arrays.fill(shape, 1);
        var bytes = Arrays.copyOfRange(body.array(), body.from(), body.from() + body.length());
        return new Tensor(
                spec.name(), Datatype.BYTES, shape, RawStrings.elements(new byte[][] {bytes}));
    }

    /** One dimension may be open: the length of the body fills it. Of several, the first is 1. */
    private static int[] shape(TensorSpec spec, int bytes) throws Refused {
        var shape = new int[spec.shape().size()];
        int open = -1;
        long known = spec.datatype().size();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = spec.shape().get(i);
            if (shape[i] >= 0) {
                known *= shape[i];
            } else if (open > 0) {
                throw Refused.badInput(
                        "input '%s' has the shape %s: a body without JSON cannot fill it"
                                .formatted(spec.name(), spec.shape()));
            } else {
                shape[i] = 1;
                open = i;
            }
        }
        if (open >= 0) {
            if (known == 0 || bytes == 0 || bytes % known != 0) {
                throw Refused.badInput(
                        "input '%s' of shape %s needs a multiple of %d bytes, has %d"
                                .formatted(spec.name(), spec.shape(), known, bytes));
            }
            shape[open] = (int) (bytes / known);
        }
        return shape;
    }
}
