package dev.marea.local.node;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A pod, as its manifest says, in the order in which its containers are to start. */
record PodSpec(Json.Obj pod) {
    private static final long GRACE_SECONDS = 30;
    private static final long GRACE_SECONDS_MAX = 86_400;

    Meta meta() {
        return new Meta(pod);
    }

    Key key() {
        return meta().key(Resource.POD);
    }

    String nodeName() {
        return pod.text("spec", "nodeName").orElse("");
    }

    String restartPolicy() {
        return pod.text("spec", "restartPolicy").orElse("Always");
    }

    /** Those that must end well, one after the other, before the others start. */
    List<ContainerSpec> inits() {
        return all("initContainers").stream().filter(c -> !c.stays()).toList();
    }

    /** Sidecars first. */
    List<ContainerSpec> containers() {
        var containers =
                new ArrayList<>(
                        all("initContainers").stream().filter(ContainerSpec::stays).toList());
        containers.addAll(all("containers"));
        return containers;
    }

    private List<ContainerSpec> all(String field) {
        return pod.list("spec", field).stream().map(ContainerSpec::new).toList();
    }

    List<Integer> ports() {
        return containers().stream().flatMap(c -> c.ports().stream()).distinct().toList();
    }

    List<String> readinessGates() {
        return pod.list("spec", "readinessGates").stream()
                .flatMap(gate -> gate.text("conditionType").stream())
                .toList();
    }

    boolean finished() {
        var phase = pod.text("status", "phase").orElse("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** What it asks of memory: its containers together, or its largest init container. */
    long memoryRequest() {
        long together = containers().stream().mapToLong(ContainerSpec::memoryRequest).sum();
        long init = inits().stream().mapToLong(ContainerSpec::memoryRequest).max().orElse(0);
        return Math.max(together, init);
    }

    Duration grace() {
        long seconds =
                pod.integer("metadata", "deletionGracePeriodSeconds")
                        .orElse(
                                pod.integer("spec", "terminationGracePeriodSeconds")
                                        .orElse(GRACE_SECONDS));
        return Duration.ofSeconds(Math.clamp(seconds, 0, GRACE_SECONDS_MAX));
    }

    Optional<Json> statusOf(String container) {
        return Stream.of("containerStatuses", "initContainerStatuses")
                .flatMap(field -> pod.list("status", field).stream())
                .filter(status -> status.text("name").orElse("").equals(container))
                .findFirst();
    }
}
