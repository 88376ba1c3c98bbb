package dev.marea.kubernetes.observe;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Names;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the cluster's nodes when some pod finds no place, and only then: a healthy cluster costs
 * nothing. What was seen is good for a few seconds, for all pods that wait.
 */
public final class Shortages {
    private static final Logger LOG = LoggerFactory.getLogger(Shortages.class);
    private static final Duration GOOD_FOR = Duration.ofSeconds(3);

    /** After this many nodes it is not asked who has their devices. */
    private static final int ASKED_MAX = 20;

    private final Api api;
    private final InstantSource clock;
    private final ReentrantLock looking = new ReentrantLock();
    private List<Node> nodes = List.of();
    private final Map<String, List<Json>> podsOf = new HashMap<>();
    private Instant until = Instant.MIN;

    public Shortages(Api api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    /** Why no node takes a pod; empty if the cluster's nodes may not be seen. */
    public Optional<String> explain(Json.Obj pod) {
        looking.lock();
        try {
            refresh();
            return new WhyPending(nodes, this::takers).explain(pod);
        } finally {
            looking.unlock();
        }
    }

    private void refresh() {
        var now = clock.instant();
        if (now.isBefore(until)) {
            return;
        }
        until = now.plus(GOOD_FOR);
        podsOf.clear();
        try {
            nodes = api.everywhere(Kind.NODE, "").stream().map(Node::of).toList();
        } catch (IOException unseen) {
            nodes = List.of();
            LOG.debug("the nodes cannot be seen: {}", unseen.getMessage());
        }
    }

    private Map<String, Long> takers(String resource, List<String> names) {
        var takers = new HashMap<String, Long>();
        names.stream()
                .limit(ASKED_MAX)
                .flatMap(node -> pods(node).stream())
                .forEach(pod -> {
                    long amount = Demand.of(pod).of(resource);
                    if (amount > 0) {
                        takers.merge(owner(pod), amount, Long::sum);
                    }
                });
        return takers;
    }

    private List<Json> pods(String node) {
        return podsOf.computeIfAbsent(
                node,
                name -> {
                    try {
                        return api.everywhere(
                                Kind.POD,
                                "fieldSelector=spec.nodeName%3D"
                                        + name
                                        + ",status.phase!%3DSucceeded,status.phase!%3DFailed");
                    } catch (IOException unseen) {
                        LOG.debug("the pods of {} cannot be seen: {}", name, unseen.getMessage());
                        return List.of();
                    }
                });
    }

    /** The service, which is what can be stopped; of other pods their own names. */
    private static String owner(Json pod) {
        return pod.text("metadata", "namespace").orElse("")
                + "/"
                + pod.text("metadata", "labels", Names.SERVICE_LABEL)
                        .or(() -> pod.text("metadata", "name"))
                        .orElse("?");
    }
}
