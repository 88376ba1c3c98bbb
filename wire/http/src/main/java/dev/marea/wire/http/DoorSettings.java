package dev.marea.wire.http;

import java.util.Optional;

/**
 * Where a door listens and how.
 *
 * @param port 0 for any free one
 */
public record DoorSettings(
        EventLoops loops,
        String host,
        int port,
        Optional<ServerTls> tls,
        HttpLimits limits,
        ErrorBody errors) {

    public DoorSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0..65535, was " + port);
        }
    }

    public static DoorSettings of(EventLoops loops, String host, int port) {
        return new DoorSettings(
                loops, host, port, Optional.empty(), HttpLimits.DEFAULTS, ErrorBody.PLAIN);
    }

    public DoorSettings with(HttpLimits other) {
        return new DoorSettings(loops, host, port, tls, other, errors);
    }

    public DoorSettings with(ServerTls other) {
        return new DoorSettings(loops, host, port, Optional.of(other), limits, errors);
    }

    public DoorSettings with(ErrorBody other) {
        return new DoorSettings(loops, host, port, tls, limits, other);
    }
}
