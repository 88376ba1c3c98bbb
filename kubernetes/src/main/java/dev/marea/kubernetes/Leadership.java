package dev.marea.kubernetes;

import dev.marea.core.scale.LoadReport;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Fence;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.coexist.Rival;
import dev.marea.kubernetes.lead.Election;
import dev.marea.kubernetes.reconcile.Controllers;
import dev.marea.kubernetes.routes.RouteBook;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who acts. Where several operators run, each follows until it is elected, and then leads until it
 * ends or loses the Lease; the only one of a machine leads from the start.
 */
final class Leadership implements Election.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** How often it is said that we wait for somebody else to go. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Controllers controllers;
    private final Optional<Election> election;
    private final Optional<Rival> rival;
    private final CompletableFuture<String> lost = new CompletableFuture<>();
    private volatile boolean acting;
    private boolean closed;

    private Leadership(
            KubernetesClient client,
            RouteBook book,
            OperatorSettings settings,
            Optional<Rival> rival) {
        this.rival = rival;
        this.election = settings.installation().map(i -> election(i, client, settings));
        var fence = election.map(Election::fence).orElse(Fence.OPEN);
        this.controllers =
                Controllers.start(client, new Api(client, fence), book, settings.controllers());
    }

    private Election election(Installation i, KubernetesClient client, OperatorSettings settings) {
        // A container that starts again in its pod is not the one that died.
        var identity = i.pod() + "_" + UUID.randomUUID();
        var unfenced = new Api(client, Fence.OPEN);
        return Election.prepare(unfenced, i.namespace(), identity, settings.clock(), this);
    }

    /**
     * Starts it.
     *
     * @param rival beside whom nobody of ours acts
     */
    static Leadership start(
            KubernetesClient client,
            RouteBook book,
            OperatorSettings settings,
            Optional<Rival> rival)
            throws IOException {
        var leadership = new Leadership(client, book, settings, rival);
        // What the statuses say is routed at once; planning every service anew takes longer.
        leadership.controllers.follow();
        if (leadership.election.isEmpty()) {
            leadership.lead();
        } else {
            leadership.election.get().start();
        }
        return leadership;
    }

    private synchronized void lead() throws IOException {
        if (!closed && !lost.isDone()) {
            controllers.lead();
            acting = true;
        }
    }

    /** Controllers take a while to start, and the Lease must be renewed meanwhile. */
    @Override
    public void elected() {
        Thread.ofPlatform().daemon().name("marea-taking-over").start(this::takeOver);
    }

    private void takeOver() {
        try {
            if (rival.isPresent()) {
                awaitAlone(rival.get());
            }
            lead();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failed) {
            LOG.error("this operator was elected and cannot begin", failed);
            lost.complete("it was elected and cannot begin: " + failed.getMessage());
        }
    }

    private void awaitAlone(Rival other) throws InterruptedException {
        while (!other.awaitAlone(PATIENCE)) {
            LOG.warn("elected, and waiting: {}", other.found().orElse("the API does not answer"));
        }
        var _ = other.appeared().thenAccept(this::giveWay);
    }

    private void giveWay(String why) {
        close();
        lost.complete(why);
    }

    @Override
    public void lost(String why) {
        lost.complete(why);
    }

    boolean leading() {
        return acting && !lost.isDone();
    }

    CompletableFuture<String> lost() {
        return lost;
    }

    /** Everybody hears of load; only who leads has scalers that count it. */
    void accept(LoadReport load) {
        controllers.scaling().accept(load);
    }

    @Override
    public synchronized void close() {
        closed = true;
        controllers.close();
        election.ifPresent(Election::close);
    }
}
