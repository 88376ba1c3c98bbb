package dev.marea.kubernetes.models;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.models.CachePlan.Node;
import dev.marea.kubernetes.models.CachePlan.Use;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.ModelCache;
import dev.marea.wire.kserve.NodeGroup;
import dev.marea.wire.kserve.StorageUri;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells nodes which models to keep and caches what became of them. Objects of these kinds are few
 * and change seldom, so they are looked at now and then and not watched; where there are none, one
 * short list is all that is asked for.
 */
public final class ModelCaches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCaches.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Api api;
    private final Set<String> namespaces;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param namespaces whose objects we may see; empty for all
     */
    public ModelCaches(Api api, Set<String> namespaces) {
        this.api = api;
        this.namespaces = Set.copyOf(namespaces);
    }

    /** Looks again and again until it is closed. */
    public void start() {
        Thread.ofVirtual().name("model caches").start(this::look);
    }

    private void look() {
        try {
            do {
                try {
                    round();
                } catch (IOException failed) {
                    LOG.debug("model caches are looked at later: {}", failed.getMessage());
                }
            } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look at all of it. */
    void round() throws IOException {
        var trees = new ArrayList<Json.Obj>(all(Kind.MODEL_CACHE));
        trees.addAll(all(Kind.NAMESPACE_MODEL_CACHE));
        var nodes = all(Kind.MODEL_NODE);
        if (trees.isEmpty() && nodes.isEmpty()) {
            return;
        }
        var caches = new ArrayList<ModelCache>();
        var told = new ArrayList<Json.Obj>();
        for (var tree : trees) {
            read(tree)
                    .ifPresent(cache -> {
                        caches.add(cache);
                        told.add(tree);
                    });
        }
        var reports = new HashMap<String, Json.Obj>();
        nodes.forEach(n -> reports.put(name(n), n.object("status")));
        var plan =
                CachePlan.of(new CachePlan.Seen(caches, groups(), clusterNodes(), reports, uses()));
        tellNodes(nodes, plan.specs());
        for (int i = 0; i < told.size(); i++) {
            tell(told.get(i), plan.statuses().get(i));
        }
    }

    private void tellNodes(List<Json.Obj> there, Map<String, Json.Obj> specs) throws IOException {
        var live = new HashMap<String, Json.Obj>();
        there.forEach(node -> live.put(name(node), node));
        for (var spec : specs.entrySet()) {
            var before = live.remove(spec.getKey());
            if (before == null || !before.object("spec").equals(spec.getValue())) {
                api.apply(
                        Kind.MODEL_NODE,
                        "",
                        tree(Kind.MODEL_NODE, Json.Obj.of("name", spec.getKey()))
                                .with("spec", spec.getValue()),
                        true);
            }
        }
        for (var idle : live.keySet()) {
            api.delete(Kind.MODEL_NODE, "", idle);
        }
    }

    private void tell(Json.Obj cache, Json.Obj status) throws IOException {
        if (cache.object("status").equals(status)) {
            return;
        }
        var namespace = cache.text("metadata", "namespace").orElse("");
        var kind = namespace.isEmpty() ? Kind.MODEL_CACHE : Kind.NAMESPACE_MODEL_CACHE;
        var metadata =
                namespace.isEmpty()
                        ? Json.Obj.of("name", name(cache))
                        : Json.Obj.of("name", name(cache), "namespace", namespace);
        api.applyStatus(kind, namespace, tree(kind, metadata).with("status", status));
    }

    private static Json.Obj tree(Kind kind, Json.Obj metadata) {
        return Json.Obj.of(
                "apiVersion", kind.apiVersion(), "kind", kind.name(), "metadata", metadata);
    }

    private List<NodeGroup> groups() throws IOException {
        var groups = new ArrayList<NodeGroup>();
        for (var tree : all(Kind.NODE_GROUP)) {
            try {
                groups.add(NodeGroup.read(tree));
            } catch (InvalidManifest odd) {
                LOG.warn("node group {} is not considered: {}", name(tree), odd.getMessage());
            }
        }
        return groups;
    }

    private Optional<ModelCache> read(Json.Obj tree) {
        try {
            return Optional.of(ModelCache.read(tree));
        } catch (InvalidManifest odd) {
            LOG.warn("model cache {} is not considered: {}", name(tree), odd.getMessage());
            return Optional.empty();
        }
    }

    private List<Node> clusterNodes() throws IOException {
        return all(Kind.NODE).stream()
                .map(node -> new Node(name(node), labels(node), ready(node)))
                .toList();
    }

    private static boolean ready(Json.Obj node) {
        return node.list("status", "conditions").stream()
                .filter(c -> c.text("type").filter("Ready"::equals).isPresent())
                .anyMatch(c -> c.text("status").filter("True"::equals).isPresent());
    }

    private static Map<String, String> labels(Json.Obj node) {
        var labels = new HashMap<String, String>();
        node.object("metadata", "labels")
                .fields()
                .forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        labels.put(key, text);
                    }
                });
        return labels;
    }

    private List<Use> uses() throws IOException {
        return all(Kind.INFERENCE_SERVICE).stream()
                .flatMap(service ->
                        StorageUri.written(service.object("spec", "predictor"), "").stream()
                                .map(written ->
                                        new Use(
                                                service.text("metadata", "namespace").orElse(""),
                                                name(service),
                                                written.uri())))
                .toList();
    }

    /** A kind that the API does not have has no objects. */
    private List<Json.Obj> all(Kind kind) throws IOException {
        try {
            var found = new ArrayList<Json>();
            if (kind.namespaced() && !namespaces.isEmpty()) {
                for (var namespace : namespaces) {
                    found.addAll(api.list(kind, namespace).list("items"));
                }
            } else {
                found.addAll(api.everywhere(kind, ""));
            }
            return found.stream()
                    .flatMap(item -> item instanceof Json.Obj o ? Stream.of(o) : Stream.empty())
                    .map(item -> item.with("kind", Json.of(kind.name())))
                    .toList();
        } catch (ApiRefusal refused) {
            if (refused.notFound()) {
                return List.of();
            }
            throw refused;
        }
    }

    private static String name(Json.Obj tree) {
        return tree.text("metadata", "name").orElse("");
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
