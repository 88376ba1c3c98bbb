package dev.marea.kubernetes.models;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ModelCache;
import dev.marea.wire.kserve.NodeGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which node is to keep which models, and what is to be said of each cache.
 *
 * @param specs of the LocalModelNodes by name
 * @param statuses of the caches, in their order
 */
record CachePlan(Map<String, Json.Obj> specs, List<Json.Obj> statuses) {
    private static final String PENDING = "NodeDownloadPending";
    private static final String DOWNLOADED = "NodeDownloaded";
    private static final String FAILED = "NodeDownloadError";
    private static final String NOT_READY = "NodeNotReady";

    /** A node of the cluster. */
    record Node(String name, Map<String, String> labels, boolean ready) {}

    /** A service and where its model comes from. */
    record Use(String namespace, String name, String uri) {}

    /**
     * What is there.
     *
     * @param reports the statuses of LocalModelNodes by name
     */
    record Seen(
            List<ModelCache> caches,
            List<NodeGroup> groups,
            List<Node> nodes,
            Map<String, Json.Obj> reports,
            List<Use> uses) {}

    static CachePlan of(Seen seen) {
        return new Making(seen, new TreeMap<>(), new HashMap<>(), new ArrayList<>()).plan();
    }

    /** How a cache is called in the objects of nodes. */
    static String key(ModelCache cache) {
        return cache.namespace().map(n -> n + "/").orElse("") + cache.name();
    }

    /**
     * The work.
     *
     * @param taken bytes by group and node
     */
    private record Making(
            Seen seen,
            Map<String, List<Json>> models,
            Map<String, Long> taken,
            List<Json.Obj> statuses) {

        CachePlan plan() {
            for (var cache : seen.caches()) {
                statuses.add(status(cache, placed(cache)));
            }
            var specs = new TreeMap<String, Json.Obj>();
            models.forEach((node, list) ->
                    specs.put(node, Json.Obj.of("localModels", new Json.Arr(list))));
            return new CachePlan(specs, statuses);
        }

        /** The state of the cache on every node that is to keep it. */
        private Map<String, String> placed(ModelCache cache) {
            var states = new TreeMap<String, String>();
            for (var group : seen.groups()) {
                if (cache.groups().contains(group.name())) {
                    seen.nodes().stream()
                            .filter(node -> group.has(node.labels()))
                            .filter(node -> !states.containsKey(node.name()))
                            .forEach(node -> states.put(node.name(), place(cache, group, node)));
                }
            }
            return states;
        }

        private String place(ModelCache cache, NodeGroup group, Node node) {
            var room = group.name() + "/" + node.name();
            var sum = taken.getOrDefault(room, 0L) + cache.bytes();
            if (sum > group.bytesMax()) {
                return FAILED;
            }
            taken.put(room, sum);
            models.computeIfAbsent(node.name(), _ -> new ArrayList<>()).add(entry(cache, group));
            if (!node.ready()) {
                return NOT_READY;
            }
            return Optional.ofNullable(seen.reports().get(node.name()))
                    .flatMap(report -> report.text("modelStatus", key(cache)))
                    .map(word -> word.replaceFirst("^Model", "Node"))
                    .orElse(PENDING);
        }

        private static Json entry(ModelCache cache, NodeGroup group) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("modelName", cache.name());
            cache.namespace().ifPresent(n -> entry.put("namespace", n));
            entry.put("sourceModelUri", cache.uri());
            entry.put("nodeGroup", group.name());
            for (var field : List.of("serviceAccountName", "storage")) {
                cache.spec().at(field).ifPresent(value -> entry.put(field, value));
            }
            return Json.of(entry);
        }

        private Json.Obj status(ModelCache cache, Map<String, String> states) {
            var available = states.values().stream().filter(DOWNLOADED::equals).count();
            var failed = states.values().stream().filter(FAILED::equals).count();
            var users =
                    seen.uses().stream()
                            .filter(use -> cache.serves(use.namespace(), use.uri()))
                            .map(use ->
                                    Json.Obj.of("namespace", use.namespace(), "name", use.name()))
                            .toList();
            return Json.Obj.of(
                    "nodeStatus",
                    states,
                    "copies",
                    Json.Obj.of("available", available, "total", states.size(), "failed", failed),
                    "inferenceServices",
                    users);
        }
    }
}
