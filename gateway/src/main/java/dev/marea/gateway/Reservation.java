package dev.marea.gateway;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds at its revision: a count in its load, a place at a replica, a connection.
 * Each is given back exactly once, whatever happens.
 */
final class Reservation {
    private @Nullable RevisionPool pool;
    private @Nullable Backend backend;
    private @Nullable Upstream upstream;

    void enter(RevisionPool chosen) {
        pool = chosen;
        chosen.load().arrive(System.nanoTime());
        chosen.budget().request();
    }

    RevisionPool pool() {
        return Objects.requireNonNull(pool);
    }

    void place(Backend taken) {
        backend = taken;
    }

    Backend place() {
        return Objects.requireNonNull(backend);
    }

    void connection(Upstream made) {
        upstream = made;
        pool().connected(made.backend());
    }

    boolean hasConnection() {
        return upstream != null;
    }

    Upstream connection() {
        return Objects.requireNonNull(upstream);
    }

    /** The connection ended by itself. */
    Upstream loseConnection() {
        var lost = connection();
        upstream = null;
        return lost;
    }

    /** The answer is whole: the connection may serve others. */
    void giveBackConnection(boolean requestSent) {
        loseConnection().giveBack(requestSent);
        leavePlace();
    }

    void cutConnection() {
        if (upstream != null) {
            upstream.cutOff();
            upstream = null;
        }
        leavePlace();
    }

    /** The replica refused or broke a connection: others shall avoid it for a while. */
    void ejectPlace() {
        place().failed(System.nanoTime());
        pool().metrics().ejected();
        leavePlace();
    }

    void leavePlace() {
        Backend left = backend;
        if (left != null) {
            backend = null;
            pool().leave(left);
        }
    }

    void leave() {
        RevisionPool left = pool;
        if (left != null) {
            pool = null;
            left.load().leave(System.nanoTime());
        }
    }
}
