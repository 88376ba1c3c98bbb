package dev.marea.wire.http;

/** Why the door itself refuses a request or cuts a connection; each reason is counted. */
public enum Refusal {
    NOT_HTTP(400),
    BAD_REQUEST_LINE(400),
    BAD_VERSION(505),
    URI_TOO_LONG(414),
    BAD_TARGET(400),
    BAD_HEADER(400),
    HEADERS_TOO_LARGE(431),
    BAD_HOST(400),
    BAD_FRAMING(400),
    UNKNOWN_CODING(501),
    UNKNOWN_EXPECTATION(417),
    BAD_CHUNK(400),
    TOO_MANY_CHUNKS(400),
    BODY_TOO_LARGE(413),
    SLOW_HEAD(408),
    SLOW_BODY(408),
    TOO_MANY_CONNECTIONS(503),
    TOO_MANY_REQUESTS(503),
    /** The client reads nothing: the connection is cut, there is nobody to answer. */
    STALLED_READER(0),
    /** HTTP/2 frames that cost much and ask for nothing; the connection is ended. */
    FLOOD(0),
    /** Frames that break HTTP/2's rules; the stream or the connection is ended. */
    BAD_FRAMES(0);

    private final int status;

    Refusal(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
