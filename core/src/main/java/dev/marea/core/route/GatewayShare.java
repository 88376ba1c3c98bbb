package dev.marea.core.route;

/**
 * Which of the gateways that share the load this one is. A limit on a replica's concurrency is
 * divided among them, so that together they keep it.
 *
 * @param index of this gateway among all, by name
 * @param of how many there are
 */
public record GatewayShare(int index, int of) {
    /** More gateways than anyone runs. */
    public static final int GATEWAYS_MAX = 1_000;

    public static final GatewayShare ALONE = new GatewayShare(0, 1);

    public GatewayShare {
        if (of < 1 || of > GATEWAYS_MAX || index < 0 || index >= of) {
            throw new IllegalArgumentException(
                    "need one of 1 to %d gateways, was %d of %d"
                            .formatted(GATEWAYS_MAX, index, of));
        }
    }

    /**
     * How many requests this gateway may have at one replica at once. The places of all replicas
     * are dealt out like cards, so every place has exactly one gateway. Where there are fewer
     * places than gateways, those who got none share one all the same: a request that could never
     * be sent would be worse than one too many.
     *
     * @param limit of the replica; 0 means none
     * @param replica its position among the revision's replicas, in an order all gateways see
     */
    public int places(int limit, int replica, int replicas) {
        if (limit == 0) {
            return Integer.MAX_VALUE;
        }
        long total = (long) limit * replicas;
        if (index >= total) {
            return replica == index % replicas ? 1 : 0;
        }
        long first = (long) limit * replica;
        return (int)
                (Math.floorDiv(first + limit - 1 - index, of)
                        - Math.floorDiv(first - 1 - index, of));
    }
}
