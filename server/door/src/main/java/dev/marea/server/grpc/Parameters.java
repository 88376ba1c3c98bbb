package dev.marea.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.marea.server.models.Refused;
import dev.marea.server.tensors.Names;
import dev.marea.wire.proto.inference.InferParameter;
import java.io.IOException;
import java.util.Map;

/** Named values beside tensors. */
final class Parameters {
    private static final int KEY = 1 << 3 | 2;
    private static final int VALUE = 2 << 3 | 2;

    private Parameters() {}

    /** Adds one entry of a map; of two with one name the later counts, as protobuf says. */
    static void add(ByteString entry, Map<String, InferParameter> parameters)
            throws IOException, Refused {
        var in = InferRequest.input(entry);
        var key = "";
        var value = InferParameter.getDefaultInstance();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case KEY -> key = in.readStringRequireUtf8();
                case VALUE -> value = InferParameter.parseFrom(in.readBytes());
                default -> InferRequest.skip(in, tag);
            }
        }
        if (parameters.size() == Names.MAX && !parameters.containsKey(key)) {
            throw Refused.badInput("more than " + Names.MAX + " parameters are given");
        }
        parameters.put(key, value);
    }

    /** A parameter's name alone. */
    static String key(ByteString entry) throws IOException {
        var in = InferRequest.input(entry);
        var key = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == KEY) {
                key = in.readStringRequireUtf8();
            } else {
                InferRequest.skip(in, tag);
            }
        }
        return key;
    }

    static Refused badMessage(IOException bad) {
        if (bad instanceof InvalidProtocolBufferException invalid) {
            return Unary.badMessage(invalid);
        }
        throw new AssertionError(bad);
    }
}
