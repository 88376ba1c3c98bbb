package dev.marea.server.grpc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls that end when the caller wants. A server that ends must not wait for them: they are
 * told, answer what they have, and end with a status that sends the caller elsewhere.
 */
final class Lasting {
    static final Status ENDING = new Status(14, "This server ends; call again.");

    private final Set<Call> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;

    /** A call that may last. */
    interface Call {
        Caller caller();

        /** Ends it now, or as soon as what it has is answered; on its event loop. */
        void endSoon();
    }

    /** The call has begun. */
    void add(Call call) {
        open.add(call);
        if (ending) {
            call.caller().onLoop(call::endSoon);
        }
    }

    void remove(Call call) {
        open.remove(call);
    }

    void endSoon() {
        ending = true;
        for (var call : open) {
            call.caller().onLoop(call::endSoon);
        }
    }
}
