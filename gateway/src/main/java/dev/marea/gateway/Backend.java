package dev.marea.gateway;

import dev.marea.core.route.RouteTable.Replica;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One replica as this gateway sees it: how much it has in hand, and whether it is to be avoided. A
 * replica that broke a connection is left alone for a short spell that doubles; then one request
 * tries it, and only its success lets the others follow.
 */
final class Backend {
    private static final long FIRST_SPELL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_SPELL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int DOUBLINGS_MAX = 4;

    private final Replica replica;
    private final InetSocketAddress address;
    private final String hostHeader;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicBoolean onTrial = new AtomicBoolean();
    private volatile int failures;
    private volatile long barredUntil;
    private volatile boolean gone;

    /**
     * Resolves the host: pods have addresses, so a name (seldom) costs the feed's thread a look-up.
     */
    Backend(Replica replica) {
        this.replica = replica;
        this.address = new InetSocketAddress(replica.host(), replica.port());
        boolean v6 = replica.host().indexOf(':') >= 0;
        this.hostHeader = (v6 ? "[" + replica.host() + "]" : replica.host()) + ":" + replica.port();
    }

    Replica replica() {
        return replica;
    }

    InetSocketAddress address() {
        return address;
    }

    String hostHeader() {
        return hostHeader;
    }

    int outstanding() {
        return outstanding.get();
    }

    /** Takes a place if fewer than {@code limit} are taken. */
    boolean take(int limit) {
        if (failures > 0 && !onTrial.compareAndSet(false, true)) {
            return false;
        }
        if (limit == Integer.MAX_VALUE) {
            outstanding.incrementAndGet();
            return true;
        }
        int taken = outstanding.get();
        while (taken < limit) {
            if (outstanding.compareAndSet(taken, taken + 1)) {
                return true;
            }
            taken = outstanding.get();
        }
        onTrial.set(false);
        return false;
    }

    void leave() {
        outstanding.decrementAndGet();
    }

    boolean usable(long now) {
        return failures == 0 || (!onTrial.get() && now - barredUntil >= 0);
    }

    /** It answered. */
    void answered() {
        if (failures > 0) {
            failures = 0;
            onTrial.set(false);
        }
    }

    /** It refused or broke a connection. */
    synchronized void failed(long now) {
        boolean barredAlready = failures > 0 && now - barredUntil < 0;
        if (!barredAlready) {
            long spell = FIRST_SPELL_NANOS << Math.min(failures, DOUBLINGS_MAX);
            barredUntil = now + Math.min(spell, LONGEST_SPELL_NANOS);
            failures++;
        }
        onTrial.set(false);
    }

    /**
     * The trial is over without an answer: a connection stands, which suffices to let the next one
     * try (an answer may take minutes), or the request went away.
     *
     * @return whether somebody may have waited for that
     */
    boolean trialOver() {
        return onTrial.compareAndSet(true, false);
    }

    boolean ejected() {
        return failures > 0;
    }

    /** Until it may be tried again; the end of a running trial is told by other means. */
    long nanosUntilTrial(long now) {
        return onTrial.get() ? Long.MAX_VALUE : Math.max(0, barredUntil - now);
    }

    /** It left the table: its idle connections may be closed. */
    void retire() {
        gone = true;
    }

    boolean gone() {
        return gone;
    }
}
