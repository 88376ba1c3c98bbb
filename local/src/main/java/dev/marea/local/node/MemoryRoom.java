package dev.marea.local.node;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Admits pods while their memory requests together fit this machine. */
final class MemoryRoom {
    private static final int PODS_MAX = 110;

    private final long bytes;
    private final Map<String, Long> admitted = new HashMap<>();

    MemoryRoom(long bytes) {
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }

    /** Empty if admitted; else why not, with what is needed and what there is. */
    synchronized Optional<String> admit(String uid, long request) {
        if (admitted.containsKey(uid)) {
            return Optional.empty();
        }
        long free = bytes - admitted.values().stream().mapToLong(Long::longValue).sum();
        if (request > free) {
            return Optional.of(
                    "0/1 nodes are available: 1 Insufficient memory (need %s, have %s free of %s)."
                            .formatted(mebibytes(request), mebibytes(free), mebibytes(bytes)));
        }
        if (admitted.size() >= PODS_MAX) {
            return Optional.of("0/1 nodes are available: 1 Too many pods (" + PODS_MAX + " run).");
        }
        admitted.put(uid, request);
        return Optional.empty();
    }

    /** What already runs has its room, even if there is too little. */
    synchronized void keep(String uid, long request) {
        admitted.put(uid, request);
    }

    synchronized void leave(String uid) {
        admitted.remove(uid);
    }

    private static String mebibytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20) + "Mi";
    }
}
