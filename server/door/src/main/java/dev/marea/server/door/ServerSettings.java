package dev.marea.server.door;

import dev.marea.server.models.ModelSettings;
import dev.marea.server.predict.WorkSettings;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What one model server is told.
 *
 * @param port 0 for any free one
 * @param grpcPort a second port where the same is served, for those who expect gRPC apart
 * @param drain how long running requests may take after SIGTERM
 */
record ServerSettings(
        ModelSettings model,
        WorkSettings work,
        String host,
        int port,
        OptionalInt grpcPort,
        Duration drain) {
    private static final Duration DRAIN = Duration.ofSeconds(25);

    static ServerSettings of(ModelSettings model, String host, int port) {
        return new ServerSettings(
                model, WorkSettings.ofThisMachine(), host, port, OptionalInt.empty(), DRAIN);
    }

    ServerSettings with(ModelSettings other) {
        return new ServerSettings(other, work, host, port, grpcPort, drain);
    }

    ServerSettings with(WorkSettings other) {
        return new ServerSettings(model, other, host, port, grpcPort, drain);
    }

    ServerSettings withGrpc(int other) {
        return new ServerSettings(model, work, host, port, OptionalInt.of(other), drain);
    }

    ServerSettings withDrain(Duration other) {
        return new ServerSettings(model, work, host, port, grpcPort, other);
    }
}
