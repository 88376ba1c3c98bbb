package dev.marea.server.grpc;

import com.google.protobuf.ByteString;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.Classification;
import dev.marea.wire.proto.inference.InferParameter;
import java.io.IOException;
import java.util.LinkedHashMap;

/**
 * One of the outputs that a request asks for.
 *
 * @param classes how many of the highest values are wanted, named by their places; 0: the output
 */
record InferOutput(String name, int classes) {
    private static final int NAME = 1 << 3 | 2;
    private static final int PARAMETERS = 2 << 3 | 2;
    private static final String CLASSES = "classification";
    private static final String SHARED = "shared_memory_region";

    static InferOutput of(ByteString bytes, int index) throws Refused {
        var name = "";
        var parameters = new LinkedHashMap<String, InferParameter>(0);
        try {
            var in = InferRequest.input(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag) {
                    case NAME -> name = in.readStringRequireUtf8();
                    case PARAMETERS -> Parameters.add(in.readBytes(), parameters);
                    default -> InferRequest.skip(in, tag);
                }
            }
        } catch (IOException bad) {
            throw Parameters.badMessage(bad);
        }
        if (name.isEmpty()) {
            throw Refused.badInput("'outputs[" + index + "].name' is missing");
        }
        if (parameters.containsKey(SHARED)) {
            throw new Refused(
                    Refused.Why.NOT_IMPLEMENTED,
                    "output '" + name + "' asks for shared memory, which is not offered");
        }
        var classes = parameters.get(CLASSES);
        return new InferOutput(name, classes == null ? 0 : classes(name, classes));
    }

    private static int classes(String name, InferParameter asked) throws Refused {
        long count = asked.hasUint64Param() ? asked.getUint64Param() : asked.getInt64Param();
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw Refused.badInput(
                    "output '%s' has the classification %d; it must be a number of classes"
                            .formatted(name, count));
        }
        return (int) count;
    }

    /** The output as it is wanted. */
    Tensor shown(Tensor output) throws Refused {
        return classes == 0 ? output : Classification.top(output, classes);
    }
}
