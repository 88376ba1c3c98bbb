package dev.marea.server.grpc;

import dev.marea.server.models.Refused;
import dev.marea.wire.http.Grpc;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What a call's headers say. Metadata of the caller's own, {@code -bin} or not, is not looked at.
 *
 * @param timeoutNanos how long the caller waits, from when the head came in
 * @param gzipped whether the caller's messages may be compressed
 * @param gzipAnswers whether ours are: only for a caller that compresses too, as it costs CPU
 * @param failWhole Triton's: a failed request of a stream ends the stream
 */
record CallHead(
        String method,
        OptionalLong timeoutNanos,
        boolean gzipped,
        boolean gzipAnswers,
        boolean failWhole) {
    static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
    static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
    private static final AsciiString FAIL_WHOLE = AsciiString.cached("triton_grpc_error");
    private static final int TIMEOUT_DIGITS_MAX = 8;

    /** Whether a content type is gRPC's own, with messages in protobuf. */
    static boolean isGrpc(String contentType) {
        int semicolon = contentType.indexOf(';');
        var plain = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        return plain.equalsIgnoreCase("application/grpc")
                || plain.equalsIgnoreCase("application/grpc+proto");
    }

    static CallHead of(HttpRequest request) throws Refused {
        var headers = request.headers();
        boolean gzipped = isGzip(headers);
        return new CallHead(
                request.uri(),
                timeout(headers),
                gzipped,
                gzipped && accepts(headers),
                headers.contains(FAIL_WHOLE, "true", true));
    }

    private static boolean isGzip(HttpHeaders headers) throws Refused {
        var encoding = headers.get(ENCODING);
        if (encoding == null || encoding.equals("identity")) {
            return false;
        }
        if (encoding.equals("gzip")) {
            return true;
        }
        throw new Refused(
                Refused.Why.NOT_IMPLEMENTED,
                "grpc-encoding " + encoding + " is not taken; use gzip or identity.");
    }

    private static boolean accepts(HttpHeaders headers) {
        return headers.containsValue(ACCEPT_ENCODING, "gzip", true);
    }

    private static OptionalLong timeout(HttpHeaders headers) throws Refused {
        var text = headers.get(Grpc.TIMEOUT);
        if (text == null) {
            return OptionalLong.empty();
        }
        int digits = text.length() - 1;
        if (digits < 1 || digits > TIMEOUT_DIGITS_MAX) {
            throw badTimeout(text);
        }
        long amount = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw badTimeout(text);
            }
            amount = amount * 10 + digit;
        }
        return OptionalLong.of(unit(text).toNanos(amount));
    }

    private static TimeUnit unit(String text) throws Refused {
        return switch (text.charAt(text.length() - 1)) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> throw badTimeout(text);
        };
    }

    private static Refused badTimeout(String text) {
        return Refused.badInput(
                "grpc-timeout must be 1 to 8 digits and one of H, M, S, m, u, n, was " + text);
    }
}
