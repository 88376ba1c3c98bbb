package dev.marea.gateway;

/**
 * A request that waits for a replica. Called by any thread and under a lock: must only hand over.
 */
interface Waiter {
    /** A place was taken for it at this desk; it must be left again. */
    void granted(Desk desk, Seat seat);

    /** Its revision has gone or lost its traffic: it must be routed anew. */
    void reroute();
}
