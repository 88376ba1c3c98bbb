package dev.marea.server.grpc;

import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import dev.marea.wire.proto.health.HealthCheckRequest;
import dev.marea.wire.proto.health.HealthCheckResponse.ServingStatus;
import org.jspecify.annotations.Nullable;

/** Tells a health at once, and again whenever it has changed, until the caller goes. */
final class HealthWatch implements Rpc, Lasting.Call {
    private static final long LOOK_MILLIS = 500;

    private final Caller caller;
    private final Health health;
    private final Predictions memory;
    private final Lasting lasting;
    private @Nullable String name;
    private @Nullable ServingStatus told;

    HealthWatch(Caller caller, Health health, Predictions memory, Lasting lasting) {
        this.caller = caller;
        this.health = health;
        this.memory = memory;
        this.lasting = lasting;
        lasting.add(this);
    }

    @Override
    public void message(byte[] bytes) throws Refused {
        memory.release(bytes.length);
        Unary.checkFirst(name != null);
        name = Unary.parse(HealthCheckRequest.parser(), bytes).getService();
        look(name);
    }

    @Override
    public void halfClosed() throws Refused {
        Unary.checkAsked(name != null);
    }

    private void look(String service) {
        if (caller.isOver()) {
            return;
        }
        tell(service);
        caller.later(LOOK_MILLIS, () -> look(service));
    }

    private void tell(String service) {
        var now = now(service);
        if (now != told && caller.isWritable()) {
            told = now;
            caller.send(caller.frame(Body.of(Health.answer(now))));
        }
    }

    private ServingStatus now(String service) {
        try {
            return health.serving(service);
        } catch (Refused _) {
            return ServingStatus.SERVICE_UNKNOWN;
        }
    }

    @Override
    public Caller caller() {
        return caller;
    }

    /** The last that is told is that nothing is served any more. */
    @Override
    public void endSoon() {
        if (name != null) {
            tell(name);
        }
        caller.end(Lasting.ENDING);
    }

    @Override
    public void over() {
        lasting.remove(this);
    }
}
