package dev.marea.kubernetes.lead;

import dev.marea.kubernetes.api.Fence;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One operator's part in the election. Whoever has written the Lease last holds it; the others take
 * it once it has not changed for its whole duration by their own monotonic clocks, so that no clock
 * has to agree with another, and none may jump.
 *
 * <p>The holder counts from before it asked: what it may write is over before anybody else can
 * think that the Lease is free.
 */
final class Candidate implements Fence {
    /**
     * @param lease without a sign of life for so long, the holder counts as dead
     * @param renewal a holder that could not renew for so long stops writing, and steps down
     * @param retry between two looks
     */
    record Terms(Duration lease, Duration renewal, Duration retry) {
        static final Terms USUAL =
                new Terms(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    private final Leases leases;
    private final String namespace;
    private final String name;
    private final String identity;
    private final Terms terms;
    private final LongSupplier nanos;
    private final InstantSource clock;

    private Json.Obj seen = Json.Obj.EMPTY;
    private long seenAt;
    private volatile boolean leading;
    private volatile long renewedAt;

    Candidate(
            Leases leases,
            String namespace,
            String name,
            String identity,
            Terms terms,
            LongSupplier nanos,
            InstantSource clock) {
        this.leases = leases;
        this.namespace = namespace;
        this.name = name;
        this.identity = identity;
        this.terms = terms;
        this.nanos = nanos;
        this.clock = clock;
    }

    boolean leading() {
        return leading;
    }

    @Override
    public Duration left() {
        var since = Duration.ofNanos(nanos.getAsLong() - renewedAt);
        return leading && since.compareTo(terms.renewal()) < 0
                ? terms.lease().minus(since)
                : Duration.ZERO;
    }

    /** Looks at the Lease, and renews or takes it if it may. */
    void look() throws IOException {
        var lease = leases.get();
        long asked = nanos.getAsLong();
        var now = Optional.<Json.Obj>empty();
        if (lease.isEmpty()) {
            now = leases.create(lease(1, Optional.empty()));
        } else if (held(lease.get()) || free(lease.get(), asked)) {
            now = leases.replace(next(lease.get()));
        } else {
            leading = false;
        }
        now.ifPresent(taken -> took(taken, asked));
    }

    /** Whether a holder must step down, because it has lost the Lease or could not renew it. */
    boolean lapsed() {
        return left().isZero();
    }

    /** Lets the next one in at once. */
    void release() throws IOException {
        if (!leading) {
            return;
        }
        leading = false;
        var lease = leases.get();
        if (lease.isPresent() && names(lease.get())) {
            var _ =
                    leases.replace(
                            lease.get().withAt(List.of("spec", "holderIdentity"), Json.of("")));
        }
    }

    String holder() {
        return seen.text("spec", "holderIdentity").orElse("nobody");
    }

    private boolean held(Json.Obj lease) {
        return leading && names(lease);
    }

    private boolean names(Json.Obj lease) {
        return lease.text("spec", "holderIdentity").orElse("").equals(identity);
    }

    /** Released, or unchanged for its whole duration since we first saw it as it is. */
    private boolean free(Json.Obj lease, long now) {
        if (!version(lease).equals(version(seen))) {
            seen = lease;
            seenAt = now;
        }
        var holder = lease.text("spec", "holderIdentity").orElse("");
        var duration =
                Duration.ofSeconds(
                        lease.integer("spec", "leaseDurationSeconds")
                                .orElse(terms.lease().toSeconds()));
        return holder.isEmpty() || now - seenAt >= duration.toNanos();
    }

    private void took(Json.Obj lease, long asked) {
        seen = lease;
        seenAt = asked;
        renewedAt = asked;
        leading = true;
    }

    private Json.Obj next(Json.Obj lease) {
        boolean renewal = held(lease);
        long transitions = lease.integer("spec", "leaseTransitions").orElse(0);
        var spec =
                lease(transitions + (renewal ? 0 : 1), renewal ? acquired(lease) : Optional.empty())
                        .object("spec");
        return lease.with("spec", spec);
    }

    private static Optional<String> acquired(Json.Obj lease) {
        return lease.text("spec", "acquireTime");
    }

    private Json.Obj lease(long transitions, Optional<String> acquired) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS).toString();
        return Json.Obj.of(
                "apiVersion",
                "coordination.k8s.io/v1",
                "kind",
                "Lease",
                "metadata",
                Json.Obj.of("name", name, "namespace", namespace),
                "spec",
                Json.Obj.of(
                        "holderIdentity", identity,
                        "leaseDurationSeconds", terms.lease().toSeconds(),
                        "acquireTime", micros(acquired.orElse(now)),
                        "renewTime", micros(now),
                        "leaseTransitions", transitions));
    }

    /** A MicroTime always shows six digits. */
    private static String micros(String time) {
        int dot = time.indexOf('.');
        var seconds = dot < 0 ? time.substring(0, time.length() - 1) : time.substring(0, dot);
        var fraction = dot < 0 ? "" : time.substring(dot + 1, time.length() - 1);
        return seconds + "." + (fraction + "000000").substring(0, 6) + "Z";
    }

    private static String version(Json.Obj lease) {
        return lease.text("metadata", "resourceVersion").orElse("");
    }
}
