package dev.marea.kubernetes.coexist;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * KServe's own controller in this cluster. Two that make one service true undo each other's work
 * for ever, so while it is there Marea acts on nothing and says what to do.
 */
public final class Rival implements AutoCloseable {
    static final String WEBHOOKS = "inferenceservice.serving.kserve.io";
    static final String CONTROLLER = "kserve-controller-manager";
    static final String NAMESPACE = "kserve";
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Rival.class);

    private final Lookup lookup;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("coexistence").factory());
    private final CountDownLatch alone = new CountDownLatch(1);
    private final CompletableFuture<String> appeared = new CompletableFuture<>();
    private volatile Optional<String> found = Optional.empty();

    /** Reads an object; empty also where we may not. */
    @FunctionalInterface
    interface Lookup {
        Optional<Json.Obj> get(Kind kind, String namespace, String name) throws IOException;
    }

    private Rival(Lookup lookup) {
        this.lookup = lookup;
    }

    /** Returns after the first look; looks on until it is closed. */
    public static Rival watch(Api api) {
        return watch((kind, namespace, name) -> readable(api, kind, namespace, name), LOOK);
    }

    static Rival watch(Lookup lookup, Duration every) {
        var rival = new Rival(lookup);
        rival.look();
        var _ =
                rival.timer.scheduleWithFixedDelay(
                        rival::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return rival;
    }

    private static Optional<Json.Obj> readable(Api api, Kind kind, String namespace, String name)
            throws IOException {
        try {
            return api.get(kind, namespace, name);
        } catch (ApiRefusal refused) {
            if (refused.code() == 403) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** What is found and what to do about it; empty where we are alone. */
    public Optional<String> found() {
        return found;
    }

    /** Until we were alone for a moment, at most so long; whether we were. */
    public boolean awaitAlone(Duration patience) throws InterruptedException {
        return alone.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends with the reason if KServe comes after we had been alone: who acts must stop. */
    public CompletableFuture<String> appeared() {
        return appeared;
    }

    private void look() {
        Optional<String> now;
        try {
            now = find();
        } catch (IOException | RuntimeException unknown) {
            // What was known stays in force; an API that is away lets nobody act anyway.
            LOG.debug("it is unknown whether KServe runs: {}", unknown.getMessage());
            return;
        }
        if (!now.equals(found)) {
            now.ifPresentOrElse(
                    why -> LOG.error("{}", why), () -> LOG.info("KServe is gone; Marea acts"));
        }
        found = now;
        if (now.isEmpty()) {
            alone.countDown();
        } else if (alone.getCount() == 0) {
            appeared.complete(now.get());
        }
    }

    /**
     * Its webhooks judge what we write, even with the controller stopped; the controller alone
     * reconciles.
     */
    private Optional<String> find() throws IOException {
        var webhooks = lookup.get(Kind.VALIDATING_WEBHOOKS, "", WEBHOOKS);
        if (webhooks.isPresent()) {
            return Optional.of(
                    told(
                            "the ValidatingWebhookConfiguration " + WEBHOOKS,
                            namespace(webhooks.get())));
        }
        return lookup.get(Kind.DEPLOYMENT, NAMESPACE, CONTROLLER)
                .filter(d -> d.integer("spec", "replicas").orElse(1) > 0)
                .map(_ -> told("the Deployment " + CONTROLLER, NAMESPACE));
    }

    private static String namespace(Json.Obj webhooks) {
        return webhooks.list("webhooks").stream()
                .flatMap(w -> w.text("clientConfig", "service", "namespace").stream())
                .findFirst()
                .orElse(NAMESPACE);
    }

    private static String told(String what, String namespace) {
        return "KServe of namespace %s serves this cluster (%s is there), so Marea acts on no service. To change over, stop its controller and delete its webhooks as docs/coexistence.md says; to stay with KServe, uninstall Marea"
                .formatted(namespace, what);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
