package dev.marea.kubernetes.api;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Just after our kinds were made, an API server answers that it opens their storage; an operator
 * that is installed in the same breath comes that early.
 */
public final class FreshKinds {
    static final Duration PATIENCE = Duration.ofMinutes(1);
    static final Duration PAUSE = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(FreshKinds.class);

    private static final List<Kind> OURS =
            List.of(
                    Kind.INFERENCE_SERVICE,
                    Kind.SERVING_RUNTIME,
                    Kind.CLUSTER_SERVING_RUNTIME,
                    Kind.TRAINED_MODEL);

    private final Listing listing;
    private final Pause pause;

    FreshKinds(Listing listing, Pause pause) {
        this.listing = listing;
        this.pause = pause;
    }

    /** Asks for objects of a kind, to see whether that is answered. */
    @FunctionalInterface
    interface Listing {
        void ask(Kind kind, String namespace) throws IOException;
    }

    @FunctionalInterface
    interface Pause {
        void take(Duration length) throws InterruptedException;
    }

    /**
     * Returns when all can be listed, or with the API's refusal after a minute.
     *
     * @param watched the namespaces that we see; empty for all
     */
    public static void await(Api api, Set<String> watched) throws IOException {
        new FreshKinds(api::probe, Thread::sleep).await(watched);
    }

    void await(Set<String> watched) throws IOException {
        var namespace = watched.stream().findFirst().orElse(Kind.ALL_NAMESPACES);
        long pausesLeft = PATIENCE.dividedBy(PAUSE);
        for (var kind : OURS) {
            for (; opensYet(kind, namespace, pausesLeft); pausesLeft--) {
                pause();
            }
        }
    }

    /** Whoever needs what is forbidden will say so, with more to tell. */
    private boolean opensYet(Kind kind, String namespace, long pausesLeft) throws IOException {
        try {
            listing.ask(kind, namespace);
            return false;
        } catch (ApiRefusal refused) {
            if (refused.forbidden()) {
                return false;
            }
            if (pausesLeft == 0) {
                throw refused;
            }
            LOG.info("{} cannot be listed yet: {}", kind.plural(), refused.getMessage());
            return true;
        }
    }

    private void pause() throws IOException {
        try {
            pause.take(PAUSE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while our kinds were not served yet", stopped);
        }
    }
}
