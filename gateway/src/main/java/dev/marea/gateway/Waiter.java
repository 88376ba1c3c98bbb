package dev.marea.gateway;

/**
 * A request that waits for a replica. Called by any thread and under a lock: must only hand over.
 */
interface Waiter {
    /** A place was taken for it at this pool; it must be left again. */
    void granted(RevisionPool pool, Backend backend);

    /** Its revision has gone or lost its traffic: it must be routed anew. */
    void reroute();
}
