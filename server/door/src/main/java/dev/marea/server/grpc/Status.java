package dev.marea.server.grpc;

import dev.marea.server.models.Refused;
import dev.marea.wire.http.Grpc;

/** How a call ended, as gRPC numbers it. The message is plain text. */
record Status(int code, String message) {
    /** An answer must not grow with what a request contains. */
    private static final int MESSAGE_CHARS_MAX = 2_000;

    static final Status OK = new Status(0, "");
    static final Status CANCELLED = new Status(1, "The caller went.");
    static final Status LATE = new Status(4, "The deadline passed before the answer was there.");

    Status {
        message =
                message.length() <= MESSAGE_CHARS_MAX
                        ? message
                        : message.substring(0, MESSAGE_CHARS_MAX) + "…";
    }

    static Status of(Refused refused) {
        return new Status(refused.why().grpcStatus(), refused.message());
    }

    /** The message as the header grpc-message carries it. */
    String encodedMessage() {
        return Grpc.encoded(message);
    }
}
