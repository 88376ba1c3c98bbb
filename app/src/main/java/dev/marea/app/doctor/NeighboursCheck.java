package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Other products beside us: one that would fight with us, and those that we make use of. */
final class NeighboursCheck implements Doctor.Check {
    private static final String KSERVE =
            "/apis/apps/v1/namespaces/kserve/deployments/kserve-controller-manager";

    private static final Map<String, String> USEFUL = useful();

    private final Set<String> groups;

    NeighboursCheck(Set<String> groups) {
        this.groups = groups;
    }

    private static Map<String, String> useful() {
        var useful = new LinkedHashMap<String, String>();
        useful.put("metrics.k8s.io", "the metrics API (scaleMetric cpu and memory)");
        useful.put("gateway.networking.k8s.io", "Gateway API (HTTPRoutes)");
        useful.put("keda.sh", "KEDA (autoscalerClass keda)");
        useful.put("leaderworkerset.x-k8s.io", "LeaderWorkerSet (replicas of several nodes)");
        useful.put("monitoring.coreos.com", "the Prometheus operator (PodMonitors)");
        return useful;
    }

    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        var findings = new ArrayList<Finding>();
        var there = USEFUL.entrySet().stream().filter(e -> groups.contains(e.getKey())).toList();
        var absent = USEFUL.entrySet().stream().filter(e -> !groups.contains(e.getKey())).toList();
        if (!there.isEmpty()) {
            findings.add(Finding.ok("others", "found: " + words(there)));
        }
        if (!absent.isEmpty()) {
            findings.add(Finding.ok("others", "not here, and not needed: " + words(absent)));
        }
        if (cluster.read(KSERVE)
                .filter(d -> d.integer("status", "readyReplicas").orElse(0) > 0)
                .isPresent()) {
            findings.add(
                    Finding.fail(
                            "others",
                            "KServe's controller runs here: two controllers of the same objects undo each other's work",
                            "scale kserve-controller-manager to 0, then take its services over; docs/beside-kserve.md"));
        }
        if (groups.contains("serving.knative.dev")) {
            findings.add(
                    Finding.ok("others", "Knative is here; Marea neither needs nor disturbs it"));
        }
        return findings;
    }

    private static String words(List<Map.Entry<String, String>> entries) {
        return String.join(", ", entries.stream().map(Map.Entry::getValue).toList());
    }
}
