package dev.marea.wire.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** How gRPC's clients are told of a failure: HTTP 200, and a status of gRPC's own. */
public final class Grpc {
    public static final AsciiString STATUS = AsciiString.cached("grpc-status");
    public static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    public static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");

    public static final int OK = 0;
    public static final int CANCELLED = 1;
    public static final int UNKNOWN = 2;
    public static final int INVALID_ARGUMENT = 3;
    public static final int DEADLINE_EXCEEDED = 4;
    public static final int RESOURCE_EXHAUSTED = 8;
    public static final int UNIMPLEMENTED = 12;
    public static final int INTERNAL = 13;
    public static final int UNAVAILABLE = 14;

    private static final String TYPE = "application/grpc";

    /** Eight digits and a unit. */
    private static final int TIMEOUT_LENGTH_MAX = 9;

    private Grpc() {}

    /** By its content type; gRPC-Web speaks another framing and is not meant. */
    public static boolean is(HttpMessage message) {
        String type = message.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return type != null
                && type.regionMatches(true, 0, TYPE, 0, TYPE.length())
                && (type.length() == TYPE.length()
                        || "+; ".indexOf(type.charAt(TYPE.length())) >= 0);
    }

    /** An answer without messages; without a body its headers are also its trailers. */
    public static FullHttpResponse answer(int status, String message) {
        var answer =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, TYPE)
                .set(STATUS, Integer.toString(status))
                .set(MESSAGE, encoded(message));
        return answer;
    }

    /** The end of an answer that has begun. */
    public static LastHttpContent trailers(int status, String message) {
        var last = new DefaultLastHttpContent();
        last.trailingHeaders().set(STATUS, Integer.toString(status)).set(MESSAGE, encoded(message));
        return last;
    }

    /** The status that says what a refusal's HTTP status says. */
    public static int status(int httpStatus) {
        return switch (httpStatus) {
            case 200 -> OK;
            case 404, 405, 501 -> UNIMPLEMENTED;
            case 408, 504 -> DEADLINE_EXCEEDED;
            case 413, 414, 429, 431 -> RESOURCE_EXHAUSTED;
            case 502, 503 -> UNAVAILABLE;
            default -> httpStatus < 500 ? INVALID_ARGUMENT : INTERNAL;
        };
    }

    /** Its inverse, for those who count by HTTP's codes. */
    public static int httpStatus(int status) {
        return switch (status) {
            case OK -> 200;
            case CANCELLED -> 499;
            case INVALID_ARGUMENT, 9, 11 -> 400;
            case DEADLINE_EXCEEDED -> 504;
            case 5 -> 404;
            case 6, 10 -> 409;
            case 7 -> 403;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case 16 -> 401;
            default -> 500;
        };
    }

    /** The status that headers or trailers carry, or -1. */
    public static int status(HttpHeaders headers) {
        return headers.getInt(STATUS, -1);
    }

    /** How long the client will wait, in nanoseconds; it may be for ever. */
    public static long timeoutNanos(HttpHeaders headers) {
        String text = headers.get(TIMEOUT);
        if (text == null || text.length() < 2 || text.length() > TIMEOUT_LENGTH_MAX) {
            return Long.MAX_VALUE;
        }
        int digits = text.length() - 1;
        long value = 0;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return Long.MAX_VALUE;
            }
            value = value * 10 + (c - '0');
        }
        return switch (text.charAt(digits)) {
            case 'H' -> TimeUnit.HOURS.toNanos(value);
            case 'M' -> TimeUnit.MINUTES.toNanos(value);
            case 'S' -> TimeUnit.SECONDS.toNanos(value);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(value);
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(value);
            case 'n' -> value;
            default -> Long.MAX_VALUE;
        };
    }

    /** Percent-encodes what a header cannot carry, as gRPC asks for its messages. */
    public static String encoded(String message) {
        var text = new StringBuilder(message.length() + 8);
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return text.toString();
    }
}
