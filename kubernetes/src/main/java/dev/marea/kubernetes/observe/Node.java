package dev.marea.kubernetes.observe;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What of a node decides whether a pod may run there. */
record Node(
        String name,
        Map<String, String> labels,
        List<Taint> taints,
        Demand capacity,
        Demand allocatable) {
    /** Labels that say a node has a GPU, whether or not anything offers it. */
    private static final Map<String, String> GPU_LABELS =
            Map.of(
                    "nvidia.com/gpu.present", "nvidia.com/",
                    "nvidia.com/gpu.product", "nvidia.com/",
                    "cloud.google.com/gke-accelerator", "nvidia.com/",
                    "k8s.amazonaws.com/accelerator", "nvidia.com/",
                    "feature.node.kubernetes.io/pci-10de.present", "nvidia.com/",
                    "feature.node.kubernetes.io/pci-1002.present", "amd.com/",
                    "amd.com/gpu.product-name", "amd.com/",
                    "intel.feature.node.kubernetes.io/gpu", "gpu.intel.com/");

    record Taint(String key, String value, String effect) {
        boolean keepsOut() {
            return !effect.equals("PreferNoSchedule");
        }

        @Override
        public String toString() {
            return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect;
        }
    }

    static Node of(Json node) {
        var labels = new TreeMap<String, String>();
        node.object("metadata", "labels")
                .fields()
                .forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        labels.put(key, text);
                    }
                });
        var taints =
                node.list("spec", "taints").stream()
                        .map(t ->
                                new Taint(
                                        t.text("key").orElse(""),
                                        t.text("value").orElse(""),
                                        t.text("effect").orElse("")))
                        .collect(Collectors.toUnmodifiableList());
        return new Node(
                node.text("metadata", "name").orElse(""),
                labels,
                taints,
                Demand.amounts(node.object("status", "capacity")),
                Demand.amounts(node.object("status", "allocatable")));
    }

    boolean offers(String resource) {
        return allocatable.of(resource) > 0;
    }

    /** Whether it has devices of that maker which nothing offers to pods. */
    boolean hides(String resource) {
        var maker = resource.substring(0, resource.indexOf('/') + 1);
        return !maker.isEmpty()
                && allocatable.milli().entrySet().stream()
                        .noneMatch(a -> a.getKey().startsWith(maker) && a.getValue() > 0)
                && (capacity.of(resource) > 0
                        || GPU_LABELS.entrySet().stream()
                                .anyMatch(l ->
                                        l.getValue().equals(maker)
                                                && !labels.getOrDefault(l.getKey(), "false")
                                                        .equals("false")));
    }

    /**
     * Devices of the same maker under other names, for example whole GPUs where a slice is asked.
     */
    List<String> relatives(String resource) {
        var maker = resource.substring(0, resource.indexOf('/') + 1);
        return allocatable.milli().entrySet().stream()
                .filter(a -> !maker.isEmpty() && a.getKey().startsWith(maker) && a.getValue() > 0)
                .map(a -> Demand.told(a.getKey(), a.getValue()) + " " + a.getKey())
                .sorted()
                .toList();
    }
}
