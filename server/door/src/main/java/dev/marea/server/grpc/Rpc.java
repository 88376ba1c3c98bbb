package dev.marea.server.grpc;

import dev.marea.server.models.Refused;

/** What a method does in one call. All of it happens on the call's event loop. */
interface Rpc {
    /** Whether it takes another message now; else it says {@link Caller#resume} later. */
    default boolean wants() {
        return true;
    }

    /**
     * Takes a message. Its bytes are counted as memory: they are released by whoever has them last,
     * also when this refuses.
     */
    void message(byte[] bytes) throws Refused;

    /** The caller sends no more. */
    void halfClosed() throws Refused;

    /** The caller is gone, or has had its answer: what still runs is not wanted any more. */
    default void over() {}
}
