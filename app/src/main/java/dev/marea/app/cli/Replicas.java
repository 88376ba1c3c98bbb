package dev.marea.app.cli;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.FetchProgress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The pods of one service. */
record Replicas(List<Json.Obj> pods) {
    static Replicas of(Cluster cluster, String namespace, String service) throws IOException {
        return new Replicas(
                cluster.list(
                        ResourcePath.POD,
                        namespace,
                        "serving.kserve.io/inferenceservice=" + service));
    }

    /** How far the fetch of a pod is that still runs. */
    static Optional<FetchProgress> fetching(Json.Obj pod) {
        boolean runs =
                pod.list("status", "initContainerStatuses").stream()
                        .anyMatch(step -> step.at("state", "running").isPresent());
        return runs
                ? pod.text("metadata", "annotations", FetchProgress.ANNOTATION)
                        .flatMap(FetchProgress::read)
                : Optional.empty();
    }

    Optional<FetchProgress> fetching() {
        return pods.stream().flatMap(pod -> fetching(pod).stream()).findFirst();
    }
}
