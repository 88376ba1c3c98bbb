package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import dev.marea.wire.http.CheckedRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the headers say of a body and of the wanted answer.
 *
 * @param jsonBytes how much of the body is JSON; {@link V2Codec#ALL_JSON} where nothing is said
 * @param wantsEvents the answer is wanted as a stream of events
 */
record Heading(
        Event event, Compression coding, int jsonBytes, Compression accepted, boolean wantsEvents) {
    static final AsciiString JSON_LENGTH = AsciiString.cached("inference-header-content-length");
    static final String EVENT_TYPE = "application/cloudevents+json";
    static final String EVENT_STREAM = "text/event-stream";

    private static final AsciiString CE_ID = AsciiString.cached("ce-id");
    private static final AsciiString CE_SOURCE = AsciiString.cached("ce-source");
    private static final AsciiString CE_TYPE = AsciiString.cached("ce-type");
    private static final AsciiString CE_VERSION = AsciiString.cached("ce-specversion");
    private static final int LENGTH_DIGITS_MAX = 9;

    /** curl -d and old KServe samples send the form type, or none, with their JSON. */
    private static final Set<String> JSON_TYPES =
            Set.of("application/json", "application/x-www-form-urlencoded", "text/plain", "");

    /** Nothing but JSON comes and goes. */
    static final Heading PLAIN =
            new Heading(Event.NONE, Compression.NONE, V2Codec.ALL_JSON, Compression.NONE, false);

    /** How a CloudEvent carries the request. */
    enum Event {
        NONE,
        /** Its attributes are headers, its data is the body. */
        BINARY,
        /** The body is the event, the request is in it. */
        STRUCTURED
    }

    static Heading of(CheckedRequest request) throws Refused {
        var headers = request.headers();
        int jsonBytes = jsonBytes(headers.get(JSON_LENGTH));
        var event = event(headers, jsonBytes != V2Codec.ALL_JSON);
        var coding = Compression.ofBody(headers.get(HttpHeaderNames.CONTENT_ENCODING));
        var accepted = Compression.accepted(headers.get(HttpHeaderNames.ACCEPT_ENCODING));
        boolean events = wantsEvents(headers.get(HttpHeaderNames.ACCEPT));
        return event == Event.NONE
                        && coding == Compression.NONE
                        && jsonBytes == V2Codec.ALL_JSON
                        && accepted == Compression.NONE
                        && !events
                ? PLAIN
                : new Heading(event, coding, jsonBytes, accepted, events);
    }

    private static Event event(HttpHeaders headers, boolean binary) throws Refused {
        var type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        if (!JSON_TYPES.contains(type)) {
            int semicolon = type.indexOf(';');
            var plain =
                    (semicolon < 0 ? type : type.substring(0, semicolon))
                            .strip()
                            .toLowerCase(Locale.ROOT);
            if (plain.equals(EVENT_TYPE)) {
                return Event.STRUCTURED;
            }
            boolean bytes = binary && plain.equals(Reply.BINARY.toString());
            if (!bytes && !JSON_TYPES.contains(plain)) {
                throw new Refused(
                        Refused.Why.WRONG_MEDIA,
                        "Content-Type must be application/json, application/cloudevents+json or,"
                                + " with Inference-Header-Content-Length, application/octet-stream; was "
                                + plain
                                + ".");
            }
        }
        return headers.contains(CE_VERSION)
                        && headers.contains(CE_ID)
                        && headers.contains(CE_SOURCE)
                        && headers.contains(CE_TYPE)
                ? Event.BINARY
                : Event.NONE;
    }

    private static int jsonBytes(@Nullable String length) throws Refused {
        if (length == null) {
            return V2Codec.ALL_JSON;
        }
        boolean digits =
                !length.isEmpty()
                        && length.length() <= LENGTH_DIGITS_MAX
                        && length.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw Refused.badInput(
                    "Inference-Header-Content-Length must be a number of bytes within the body, was "
                            + length);
        }
        return Integer.parseInt(length);
    }

    /** Only where nothing else would do: clients that also take JSON get JSON. */
    private static boolean wantsEvents(@Nullable String accept) {
        if (accept == null || accept.length() < EVENT_STREAM.length()) {
            return false;
        }
        var types = accept.toLowerCase(Locale.ROOT);
        return types.contains(EVENT_STREAM)
                && !types.contains("*/*")
                && !types.contains("application/");
    }
}
