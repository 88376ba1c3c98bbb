package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Nodes, and the GPUs that pods may ask them for. */
final class NodesCheck implements Doctor.Check {
    /** Resources of device plugins for accelerators, MIG slices among them. */
    private static final Pattern DEVICE =
            Pattern.compile("(nvidia|amd|gpu\\.intel|habana|google|aws\\.amazon)\\.?[a-z]*/.+");

    /** What feature discovery writes on a node with such a card. */
    private static final List<String> CARD_LABELS =
            List.of(
                    "nvidia.com/gpu.present",
                    "feature.node.kubernetes.io/pci-10de.present",
                    "feature.node.kubernetes.io/pci-0300_10de.present",
                    "feature.node.kubernetes.io/pci-0302_10de.present",
                    "feature.node.kubernetes.io/pci-1002.present",
                    "amd.com/gpu.present");

    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        var nodes =
                cluster.read("/api/v1/nodes").stream()
                        .flatMap(list -> list.list("items").stream())
                        .toList();
        var findings = new ArrayList<Finding>();
        findings.add(readiness(nodes));
        var devices = new TreeMap<String, Long>();
        for (var node : nodes) {
            var own = devices(node);
            own.forEach((device, count) -> devices.merge(device, count, Long::sum));
            if (own.values().stream().allMatch(n -> n == 0) && hasCard(node)) {
                findings.add(
                        Finding.warn(
                                "GPU",
                                "node %s has a card, and no device that pods could ask for"
                                        .formatted(name(node)),
                                "install the vendor's driver and device plugin (NVIDIA: the GPU operator)"));
            }
        }
        findings.add(
                Finding.ok(
                        "GPU",
                        devices.isEmpty()
                                ? "none; models run on processors"
                                : "allocatable: "
                                        + String.join(
                                                ", ",
                                                devices.entrySet().stream()
                                                        .map(d -> d.getValue() + " " + d.getKey())
                                                        .toList())));
        return findings;
    }

    private static Finding readiness(List<Json> nodes) {
        var late = nodes.stream().filter(n -> !ready(n)).map(NodesCheck::name).toList();
        if (nodes.isEmpty()) {
            return Finding.fail("nodes", "there are none", "add a node; pods stay Pending");
        }
        var found = "%d of %d are ready".formatted(nodes.size() - late.size(), nodes.size());
        return late.isEmpty()
                ? Finding.ok("nodes", found)
                : Finding.warn(
                        "nodes",
                        found + "; not " + String.join(", ", late.stream().limit(10).toList()),
                        "see `kubectl describe node` of these");
    }

    private static boolean ready(Json node) {
        return node.list("status", "conditions").stream()
                .anyMatch(c ->
                        c.text("type").filter("Ready"::equals).isPresent()
                                && c.text("status").filter("True"::equals).isPresent());
    }

    private static Map<String, Long> devices(Json node) {
        var devices = new TreeMap<String, Long>();
        node.object("status", "allocatable")
                .fields()
                .forEach((name, count) -> {
                    if (DEVICE.matcher(name).matches()
                            && count instanceof Json.Str(var text)
                            && text.matches("\\d{1,9}")) {
                        devices.put(name, Long.parseLong(text));
                    }
                });
        return devices;
    }

    private static boolean hasCard(Json node) {
        return CARD_LABELS.stream()
                .anyMatch(
                        l -> node.text("metadata", "labels", l).filter("true"::equals).isPresent());
    }

    private static String name(Json node) {
        return node.text("metadata", "name").orElse("?");
    }
}
