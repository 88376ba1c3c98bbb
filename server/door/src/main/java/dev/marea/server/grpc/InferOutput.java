package dev.marea.server.grpc;

import com.google.protobuf.ByteString;
import dev.marea.server.models.Refused;
import java.io.IOException;

/** One of the outputs that a request asks for. */
final class InferOutput {
    private static final int NAME = 1 << 3 | 2;
    private static final int PARAMETERS = 2 << 3 | 2;

    private InferOutput() {}

    static String name(ByteString bytes, int index) throws Refused {
        var name = "";
        var unmet = "";
        try {
            var in = InferRequest.input(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag) {
                    case NAME -> name = in.readStringRequireUtf8();
                    case PARAMETERS -> {
                        var key = Parameters.key(in.readBytes());
                        unmet = isUnmet(key) ? key : unmet;
                    }
                    default -> InferRequest.skip(in, tag);
                }
            }
        } catch (IOException bad) {
            throw Parameters.badMessage(bad);
        }
        if (name.isEmpty()) {
            throw Refused.badInput("'outputs[" + index + "].name' is missing");
        }
        if (!unmet.isEmpty()) {
            throw new Refused(
                    Refused.Why.NOT_IMPLEMENTED,
                    "output '%s' asks for %s, which is not offered".formatted(name, unmet));
        }
        return name;
    }

    /** What would change the answer; everything else may be ignored. */
    private static boolean isUnmet(String key) {
        return key.equals("classification") || key.equals("shared_memory_region");
    }
}
