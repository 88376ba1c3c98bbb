package dev.marea.server.door;

import dev.marea.server.models.ModelSettings;
import dev.marea.server.models.Offer;
import dev.marea.server.models.ServingSettings;
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
        Offer offer,
        ServingSettings serving,
        WorkSettings work,
        String host,
        int port,
        OptionalInt grpcPort,
        Duration drain) {
    private static final Duration DRAIN = Duration.ofSeconds(25);

    static ServerSettings of(ModelSettings model, String host, int port) {
        return of(new Offer.One(model), ServingSettings.of(model), host, port);
    }

    static ServerSettings of(Offer offer, ServingSettings serving, String host, int port) {
        return new ServerSettings(
                offer,
                serving,
                WorkSettings.ofThisMachine(),
                host,
                port,
                OptionalInt.empty(),
                DRAIN);
    }

    /** The one model that is served. */
    ModelSettings model() {
        return switch (offer) {
            case Offer.One(var model) -> model;
            case Offer.Many many -> throw new IllegalStateException("it serves many: " + many);
        };
    }

    ServerSettings with(ModelSettings other) {
        return new ServerSettings(
                new Offer.One(other),
                serving.withProbabilities(other.probabilities()),
                work,
                host,
                port,
                grpcPort,
                drain);
    }

    ServerSettings with(WorkSettings other) {
        return new ServerSettings(offer, serving, other, host, port, grpcPort, drain);
    }

    ServerSettings withGrpc(int other) {
        return new ServerSettings(offer, serving, work, host, port, OptionalInt.of(other), drain);
    }

    ServerSettings withDrain(Duration other) {
        return new ServerSettings(offer, serving, work, host, port, grpcPort, other);
    }
}
