package dev.marea.wire.feed;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.ServiceId;

/**
 * One line of the feed that an operator sends. Changes of a table come between commits: a gateway
 * acts on them only at the {@link Commit}, so that a feed cut in the middle changes nothing.
 */
public sealed interface FeedMessage {
    /**
     * The first line.
     *
     * @param format of the lines that follow
     */
    record Hello(int format, Standing standing) implements FeedMessage {}

    /** A whole table follows: what was told before is void. */
    record Reset() implements FeedMessage {}

    /** A route that is new or has changed. */
    record Put(Route route) implements FeedMessage {}

    record Remove(ServiceId service) implements FeedMessage {}

    /**
     * The changes are whole.
     *
     * @param version of the operator's table
     * @param routes how many the table has now; a gateway that counts otherwise must begin anew
     */
    record Commit(long version, int routes) implements FeedMessage {}

    /** A sign of life, every second or sooner. */
    record Beat(Standing standing, GatewayShare share) implements FeedMessage {}

    /** From an operator newer than we are: to be passed over. */
    record Unknown() implements FeedMessage {}
}
