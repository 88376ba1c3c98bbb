package dev.marea.kubernetes.lead;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Fence;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps asking for the Lease, tells once when this operator leads, and once when it does no longer:
 * then it never will again, and its process should end and start afresh.
 */
public final class Election implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Election.class);
    private static final String LEASE = "marea-operator";

    /** Hears of both on the election's own thread. */
    public interface Listener {
        void elected();

        void lost(String why);
    }

    private final Candidate candidate;
    private final Candidate.Terms terms;
    private final Listener listener;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("marea-election").factory());
    private boolean elected;
    private String trouble = "";

    private Election(Candidate candidate, Candidate.Terms terms, Listener listener) {
        this.candidate = candidate;
        this.terms = terms;
        this.listener = listener;
    }

    /**
     * @param api without a fence, which the Lease must pass before there is one
     * @param identity this operator's, unlike any other's
     */
    public static Election prepare(
            Api api, String namespace, String identity, InstantSource clock, Listener listener) {
        var terms = Candidate.Terms.USUAL;
        var leases = Leases.in(api, namespace, LEASE);
        var candidate =
                new Candidate(leases, namespace, LEASE, identity, terms, System::nanoTime, clock);
        return new Election(candidate, terms, listener);
    }

    public Fence fence() {
        return candidate;
    }

    public boolean leading() {
        return !candidate.lapsed();
    }

    public void start() {
        var _ =
                thread.scheduleWithFixedDelay(
                        this::stepSafely, 0, terms.retry().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stepSafely() {
        try {
            step();
        } catch (RuntimeException bug) {
            // A timer that throws is never called again, and nobody would renew.
            LOG.error("a step of the election failed", bug);
        }
    }

    private void step() {
        try {
            candidate.look();
            trouble = "";
        } catch (IOException failed) {
            note(String.valueOf(failed.getMessage()));
        }
        if (candidate.leading() && !elected) {
            elected = true;
            LOG.info("this operator leads now");
            listener.elected();
        } else if (elected && candidate.lapsed()) {
            thread.shutdown();
            listener.lost(
                    candidate.leading()
                            ? "the Lease could not be renewed for %d s: %s"
                                    .formatted(terms.renewal().toSeconds(), trouble)
                            : "the Lease is held by " + candidate.holder());
        }
    }

    private void note(String why) {
        if (!why.equals(trouble)) {
            LOG.warn("the Lease {} cannot be looked at or renewed: {}", LEASE, why);
            trouble = why;
        }
    }

    /** Stops, and lets another operator lead at once. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS)) {
                candidate.release();
            }
        } catch (IOException unreachable) {
            LOG.info("the Lease is not released and will run out: {}", unreachable.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
