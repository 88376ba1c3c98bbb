package dev.marea.app.role;

import dev.marea.app.platform.AdminDoor;
import dev.marea.app.platform.Closing;
import dev.marea.app.platform.RouteLink;
import dev.marea.app.platform.Version;
import dev.marea.core.plan.Planner;
import dev.marea.kubernetes.Operator;
import dev.marea.kubernetes.OperatorSettings;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.kserve.OwnImages;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control plane in a pod of its own, {@code marea operator}. */
public final class OperatorRole {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorRole.class);
    private static final int LOOP_THREADS = 2;
    private static final String ANY_ADDRESS = "0.0.0.0";

    private OperatorRole() {}

    /** Returns when the process was told to end and everything is closed. */
    public static void run(OperatorConfig config, Pod pod)
            throws IOException, InterruptedException {
        var ending = Ending.onSignal();
        var parts = new Closing();
        try (parts) {
            open(config, pod, parts, ending);
            ending.await();
        } finally {
            ending.done();
        }
    }

    /**
     * Operator and gateway in one pod, joined in memory: for a cluster so small that one pod is all
     * it can spare.
     */
    public static void runWithGateway(OperatorConfig config, GatewayConfig gateway, Pod pod)
            throws IOException, InterruptedException {
        GatewayRole.run(
                gateway,
                pod,
                (loops, parts) ->
                        new RouteLink(
                                parts.add("operator", Operator.start(settings(config, pod, loops)))
                                        .routes()));
    }

    private static void open(OperatorConfig config, Pod pod, Closing parts, Ending ending)
            throws IOException {
        long began = System.nanoTime();
        var loops = parts.add("event loops", EventLoops.open(LOOP_THREADS));
        var started = new AtomicBoolean();
        // First of all: a start that takes long must look alive.
        parts.add(
                "admin door",
                AdminDoor.open(
                        DoorSettings.of(loops, ANY_ADDRESS, config.adminPort()),
                        () -> "",
                        started::get));
        var operator = parts.add("operator", Operator.start(settings(config, pod, loops)));
        var _ =
                operator.lost()
                        .thenAccept(why -> {
                            LOG.warn("ends, and a fresh one follows: {}", why);
                            ending.ask();
                        });
        started.set(true);
        LOG.info(
                "the operator {} runs after {} ms",
                Version.CURRENT,
                (System.nanoTime() - began) / 1_000_000);
    }

    static OperatorSettings settings(OperatorConfig config, Pod pod, EventLoops loops) {
        var addresses =
                new Addresses(
                        config.scheme(),
                        config.domain(),
                        config.domainTemplate(),
                        config.externalPort(),
                        "http://marea-gateway." + pod.namespace() + ".svc.cluster.local");
        return new OperatorSettings(
                Optional.empty(),
                addresses,
                Optional.of(
                        new Installation(
                                pod.namespace(),
                                pod.name(),
                                loops,
                                config.webhookPort(),
                                config.feedPort(),
                                config.watchNamespaces(),
                                config.networkPolicies())),
                new OwnImages(config.imagePrefix(), Version.CURRENT),
                config.trust(),
                Planner.DEFAULT,
                InstantSource.system());
    }
}
