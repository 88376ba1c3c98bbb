package dev.marea.kubernetes.feed;

import dev.marea.core.route.GatewayShare;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.TreeMap;

/**
 * The gateways that are alive, by their load reports, which every operator replica gets from every
 * gateway: so all replicas count alike.
 */
final class GatewayFleet {
    /** A gateway reports every second; after this long without a word it is gone. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Runnable changed;
    private final TreeMap<String, Instant> heard = new TreeMap<>();

    GatewayFleet(InstantSource clock, Runnable changed) {
        this.clock = clock;
        this.changed = changed;
    }

    void heard(String gateway) {
        if (isNew(gateway, clock.instant())) {
            changed.run();
        }
    }

    private synchronized boolean isNew(String gateway, Instant now) {
        buryTheSilent(now);
        boolean known = heard.containsKey(gateway);
        if (known || heard.size() < GatewayShare.GATEWAYS_MAX) {
            heard.put(gateway, now);
        }
        return !known;
    }

    /** One that is not counted has no share; it is told that it is alone. */
    synchronized GatewayShare share(String gateway) {
        buryTheSilent(clock.instant());
        return heard.containsKey(gateway)
                ? new GatewayShare(heard.headMap(gateway).size(), heard.size())
                : GatewayShare.ALONE;
    }

    private void buryTheSilent(Instant now) {
        heard.values().removeIf(last -> last.plus(SILENCE).isBefore(now));
    }
}
