package dev.marea.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.marea.server.models.Refused;
import dev.marea.server.tensors.Names;
import dev.marea.wire.proto.inference.InferParameter;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Named values beside tensors. */
final class Parameters {
    private static final int KEY = 1 << 3 | 2;
    private static final int VALUE = 2 << 3 | 2;

    private static final String TIMEOUT = "timeout";

    /** What servers take for themselves; the rest is the caller's own and goes back to it. */
    private static final Set<String> RESERVED =
            Set.of(
                    "content_type",
                    "binary_data_output",
                    TIMEOUT,
                    "priority",
                    "headers",
                    "sequence_id",
                    "sequence_start",
                    "sequence_end");

    private Parameters() {}

    static boolean isCallersOwn(String name) {
        return !RESERVED.contains(name) && !name.startsWith("triton_");
    }

    /** Triton's timeout, which counts microseconds; 0 means none. */
    static OptionalLong timeoutNanos(Map<String, InferParameter> parameters) {
        var timeout = parameters.get(TIMEOUT);
        if (timeout == null) {
            return OptionalLong.empty();
        }
        long micros = Math.max(timeout.getInt64Param(), timeout.getUint64Param());
        return micros > 0
                ? OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(micros))
                : OptionalLong.empty();
    }

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
