package dev.marea.wire.http;

import java.time.Duration;

/**
 * Every limit of a door. A request or a connection beyond one is refused with a reason.
 *
 * @param headBytesMax request line and headers together
 * @param bodyBytesMax declared or sent in chunks
 * @param streamsMax HTTP/2 requests open at once on one connection
 * @param requestsMax requests that blocking handlers may work on at once
 * @param headTime from a request's first byte to the end of its head
 * @param bodyIdle longest silence inside a body
 * @param bodyTime from the head to the end of the body
 * @param keepAlive how long a connection may wait for its next request
 * @param stalled how long a client may read nothing of its answer
 */
public record HttpLimits(
        int uriBytesMax,
        int headBytesMax,
        int headersMax,
        long bodyBytesMax,
        int chunksMax,
        int connectionsMax,
        int streamsMax,
        int requestsMax,
        Duration headTime,
        Duration bodyIdle,
        Duration bodyTime,
        Duration keepAlive,
        Duration stalled) {

    public static final HttpLimits DEFAULTS =
            new HttpLimits(
                    8 << 10,
                    32 << 10,
                    100,
                    64 << 20,
                    65_536,
                    20_000,
                    256,
                    1_024,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(65),
                    Duration.ofSeconds(60));

    /** Bodies are gathered in one array. */
    private static final long BODY_BYTES_MOST = 1 << 30;

    public HttpLimits {
        atLeast(16, uriBytesMax, "uriBytesMax");
        atLeast(uriBytesMax, headBytesMax, "headBytesMax");
        atLeast(1, headersMax, "headersMax");
        if (bodyBytesMax < 0 || bodyBytesMax > BODY_BYTES_MOST) {
            throw new IllegalArgumentException(
                    "bodyBytesMax must be 0..%d, was %d".formatted(BODY_BYTES_MOST, bodyBytesMax));
        }
        atLeast(1, chunksMax, "chunksMax");
        atLeast(1, connectionsMax, "connectionsMax");
        atLeast(1, streamsMax, "streamsMax");
        atLeast(1, requestsMax, "requestsMax");
        positive(headTime, "headTime");
        positive(bodyIdle, "bodyIdle");
        positive(bodyTime, "bodyTime");
        positive(keepAlive, "keepAlive");
        positive(stalled, "stalled");
    }

    public HttpLimits withBody(long bytesMax) {
        return new HttpLimits(
                uriBytesMax,
                headBytesMax,
                headersMax,
                bytesMax,
                chunksMax,
                connectionsMax,
                streamsMax,
                requestsMax,
                headTime,
                bodyIdle,
                bodyTime,
                keepAlive,
                stalled);
    }

    public HttpLimits withLoad(int connections, int requests) {
        return new HttpLimits(
                uriBytesMax,
                headBytesMax,
                headersMax,
                bodyBytesMax,
                chunksMax,
                connections,
                streamsMax,
                requests,
                headTime,
                bodyIdle,
                bodyTime,
                keepAlive,
                stalled);
    }

    /** With readers cut off that read nothing for so long. */
    public HttpLimits withStalled(Duration longest) {
        return withTimes(headTime, bodyIdle, bodyTime, keepAlive, longest);
    }

    HttpLimits withTimes(
            Duration head, Duration idleBody, Duration wholeBody, Duration idle, Duration stall) {
        return new HttpLimits(
                uriBytesMax,
                headBytesMax,
                headersMax,
                bodyBytesMax,
                chunksMax,
                connectionsMax,
                streamsMax,
                requestsMax,
                head,
                idleBody,
                wholeBody,
                idle,
                stall);
    }

    private static void atLeast(long min, long value, String name) {
        if (value < min) {
            throw new IllegalArgumentException(
                    name + " must be at least " + min + ", was " + value);
        }
    }

    private static void positive(Duration value, String name) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
    }
}
