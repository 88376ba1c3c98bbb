package dev.marea.core.route;

/**
 * Which replica takes a request: one with the fewest requests outstanding. Few replicas are all
 * looked at; of many, the better of two chosen by chance, which is nearly as even and costs
 * nothing.
 */
public final class LeastOutstanding {
    /** Up to so many replicas all are compared. */
    static final int FULL_SCAN_MAX = 8;

    /** No replica can take the request now. */
    public static final int NONE = -1;

    private LeastOutstanding() {}

    /** What is known of the replicas, by their position. */
    public interface Replicas {
        int count();

        int outstanding(int replica);

        /**
         * Whether it may be chosen at all: not ejected, not one that has just failed this request.
         */
        boolean usable(int replica);
    }

    /**
     * Picks a replica.
     *
     * @param limit requests that a replica may have at once; 0 means no limit
     * @param chance any 64 random bits
     * @return a position, or {@link #NONE}
     */
    public static int pick(Replicas replicas, int limit, long chance) {
        int count = replicas.count();
        if (count == 0) {
            return NONE;
        }
        int first = bounded((int) chance, count);
        if (count > FULL_SCAN_MAX) {
            int second = (first + 1 + bounded((int) (chance >>> 32), count - 1)) % count;
            int best = better(replicas, limit, first, second);
            if (best != NONE) {
                return best;
            }
        }
        return scan(replicas, limit, first);
    }

    private static int better(Replicas replicas, int limit, int first, int second) {
        boolean firstFits = fits(replicas, limit, first);
        boolean secondFits = fits(replicas, limit, second);
        if (firstFits && secondFits) {
            return replicas.outstanding(second) < replicas.outstanding(first) ? second : first;
        }
        if (firstFits) {
            return first;
        }
        return secondFits ? second : NONE;
    }

    /** Starts at a place of chance, so that equals take turns. */
    private static int scan(Replicas replicas, int limit, int start) {
        int best = NONE;
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < replicas.count(); i++) {
            int candidate = (start + i) % replicas.count();
            int outstanding = replicas.outstanding(candidate);
            if (outstanding < fewest && fits(replicas, limit, candidate)) {
                best = candidate;
                fewest = outstanding;
            }
        }
        return best;
    }

    private static boolean fits(Replicas replicas, int limit, int replica) {
        return replicas.usable(replica) && (limit == 0 || replicas.outstanding(replica) < limit);
    }

    /** A number below {@code bound}, evenly, from 32 random bits. */
    private static int bounded(int bits, int bound) {
        return (int) (((bits & 0xFFFFFFFFL) * bound) >>> 32);
    }
}
