package dev.marea.server.grpc;

import dev.marea.server.models.Refused;

/** V2's protobuf messages: a ModelInferRequest and all tensors in it. */
public final class InferTarget {
    private InferTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            var request = InferRequest.of(data);
            request.readOutputs();
            request.readInputs();
        } catch (Refused declared) {
            if (String.valueOf(declared.getMessage()).length() > 4_000 && data.length < 1_000) {
                throw new AssertionError("a long reason", declared);
            }
        }
    }
}
