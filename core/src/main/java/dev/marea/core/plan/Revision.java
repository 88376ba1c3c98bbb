package dev.marea.core.plan;

import dev.marea.core.spec.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of one kept revision.
 *
 * @param hash its identity: the rendered pod template and the resolved model
 * @param proven whether it was ever ready; only such a revision may sleep at zero replicas
 * @param replicas its running side; empty where no Deployment exists
 * @param unroutedSince since when it has had no share of traffic, as far as that is known
 * @param fetch how far its model is, where it is fetched
 */
public record Revision(
        String name,
        long number,
        String hash,
        boolean proven,
        Optional<Replicas> replicas,
        Optional<Trouble> trouble,
        Optional<Instant> unroutedSince,
        Optional<Fetch> fetch) {

    /** One whose model is not fetched, or nobody knows. */
    public Revision(
            String name,
            long number,
            String hash,
            boolean proven,
            Optional<Replicas> replicas,
            Optional<Trouble> trouble,
            Optional<Instant> unroutedSince) {
        this(name, number, hash, proven, replicas, trouble, unroutedSince, Optional.empty());
    }

    /** What a Deployment asks for, has started and has ready. */
    public record Replicas(int desired, int started, int ready) {}

    /**
     * What keeps replicas from getting ready.
     *
     * @param terminal whether waiting is no help: somebody must act
     * @param pod one that shows it
     * @param pods how many show it
     */
    public record Trouble(
            Reason reason,
            String message,
            boolean terminal,
            OptionalInt exitCode,
            Optional<String> pod,
            int pods,
            Optional<Instant> time) {}

    public int ready() {
        return replicas.map(Replicas::ready).orElse(0);
    }

    boolean asleep() {
        return proven && replicas.filter(r -> r.desired() == 0).isPresent();
    }

    /**
     * Called for after it slept, and nothing speaks against it: requests wait for it at the
     * gateway.
     */
    boolean waking() {
        return proven
                && trouble.isEmpty()
                && replicas.filter(r -> r.desired() > 0 && r.ready() == 0).isPresent();
    }

    Revision asProven() {
        return new Revision(name, number, hash, true, replicas, trouble, unroutedSince, fetch);
    }
}
