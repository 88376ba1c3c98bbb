package dev.marea.gateway;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds at its revision: a count in its load, a place at a replica, a connection.
 * Each is given back exactly once, whatever happens.
 */
final class Hold {
    private @Nullable Desk desk;
    private @Nullable Seat seat;
    private @Nullable Upstream upstream;

    void enter(Desk chosen) {
        desk = chosen;
        chosen.load().arrive(System.nanoTime());
        chosen.budget().request();
    }

    Desk desk() {
        return Objects.requireNonNull(desk);
    }

    void place(Seat taken) {
        seat = taken;
    }

    Seat place() {
        return Objects.requireNonNull(seat);
    }

    void connection(Upstream made) {
        upstream = made;
        desk().connected(made.seat());
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
        desk().metrics().ejected();
        leavePlace();
    }

    void leavePlace() {
        Seat left = seat;
        if (left != null) {
            seat = null;
            desk().leave(left);
        }
    }

    void leave() {
        Desk left = desk;
        if (left != null) {
            desk = null;
            left.load().leave(System.nanoTime());
        }
    }
}
