package dev.marea.server.rest;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads bytes as a request of some model and answers with what was read. The first byte says of
 * which model, and whether the request lies in an event. Only the declared refusal is caught.
 */
final class CodecProbe {
    private static final int EVENT = 4;

    private static final List<Lease> MODELS =
            List.of(
                    Told.lease(List.of(), TensorSpec.of("x", Datatype.FP64, -1, 2)),
                    Told.lease(List.of("a", "b"), TensorSpec.of("x", Datatype.FP32, -1, 2)),
                    Told.lease(List.of(), TensorSpec.of("t", Datatype.BYTES, -1)),
                    Told.lease(
                            List.of(),
                            TensorSpec.of("i", Datatype.INT64, -1),
                            TensorSpec.of("b", Datatype.BOOL, -1, 3)));

    private CodecProbe() {}

    static void read(byte[] data, Supplier<Codec> codecs) {
        if (data.length == 0) {
            return;
        }
        var model = MODELS.get(data[0] & 3);
        var event = (data[0] & EVENT) == 0 ? Heading.Event.NONE : Heading.Event.STRUCTURED;
        var codec = EventCodec.of(codecs.get(), event);
        try {
            var question = codec.read(Bytes.of(Arrays.copyOfRange(data, 1, data.length)), model);
            codec.reply(model, question.inputs()).body().release();
        } catch (Refused declared) {
            checkSays(String.valueOf(declared.getMessage()), data.length);
        }
    }

    private static void checkSays(String reason, int bytes) {
        if (reason.length() > 4_000 + bytes) {
            throw new AssertionError("a reason of " + reason.length() + " characters");
        }
    }
}
