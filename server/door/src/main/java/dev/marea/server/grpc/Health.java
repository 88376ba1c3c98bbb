package dev.marea.server.grpc;

import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import dev.marea.wire.proto.health.HealthCheckRequest;
import dev.marea.wire.proto.health.HealthCheckResponse;
import dev.marea.wire.proto.health.HealthCheckResponse.ServingStatus;
import java.util.Optional;

/** The standard health service: of the server (no name, or the service's) and of each model. */
final class Health {
    static final String SERVICE = "grpc.health.v1.Health";
    private static final String PATH = "/" + SERVICE + "/";

    private final Models models;
    private final Predictions memory;
    private final Lasting lasting;

    Health(Models models, Predictions memory, Lasting lasting) {
        this.models = models;
        this.memory = memory;
        this.lasting = lasting;
    }

    Optional<Rpc> open(Caller caller) {
        return switch (caller.head().method()) {
            case PATH + "Check" ->
                    Optional.of(
                            new Unary<>(
                                    caller,
                                    memory,
                                    HealthCheckRequest.parser(),
                                    this::check,
                                    Unary.HERE));
            case PATH + "Watch" -> Optional.of(new HealthWatch(caller, this, memory, lasting));
            default -> Optional.empty();
        };
    }

    private HealthCheckResponse check(HealthCheckRequest asked) throws Refused {
        return answer(serving(asked.getService()));
    }

    static HealthCheckResponse answer(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    /** Refuses a name that is not known. */
    ServingStatus serving(String name) throws Refused {
        boolean server = name.isEmpty() || name.equals(Inference.SERVICE) || name.equals(SERVICE);
        boolean ready = server ? models.isReady() : models.isReady(name, Optional.empty());
        return ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }
}
