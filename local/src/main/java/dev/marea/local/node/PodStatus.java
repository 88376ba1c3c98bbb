package dev.marea.local.node;

import dev.marea.local.objects.Meta;
import dev.marea.local.work.Conditions;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a pod has become, as one value; the status follows from it and from the one before.
 *
 * @param unschedulable why it has no place, if it has none
 * @param blocked why its volumes are not there, if they are not
 */
record PodStatus(
        List<String> gates,
        String phase,
        Optional<String> unschedulable,
        Optional<String> blocked,
        boolean initialized,
        boolean ending,
        List<String> unready,
        Optional<Instant> started,
        List<Json> inits,
        List<Json> containers) {

    static PodStatus of(
            PodSpec pod,
            Lodging lodging,
            List<ContainerRun> inits,
            List<ContainerRun> containers,
            boolean ending) {
        return new PodStatus(
                pod.readinessGates(),
                phase(inits, containers, ending),
                lodging.unschedulable(),
                lodging.blocked(),
                inits.stream().allMatch(ContainerRun::succeeded),
                ending,
                containers.stream().filter(c -> !c.ready()).map(c -> c.spec().name()).toList(),
                lodging.started(),
                statuses(inits),
                statuses(containers));
    }

    private static List<Json> statuses(List<ContainerRun> runs) {
        return runs.stream().<Json>map(ContainerRun::status).toList();
    }

    private static String phase(
            List<ContainerRun> inits, List<ContainerRun> containers, boolean ending) {
        if (inits.stream().anyMatch(c -> c.over() && !c.succeeded() && !ending)) {
            return "Failed";
        }
        if (containers.isEmpty() || !containers.stream().allMatch(ContainerRun::hasRun)) {
            return "Pending";
        }
        if (!containers.stream().allMatch(ContainerRun::over)) {
            return "Running";
        }
        return containers.stream().allMatch(ContainerRun::succeeded) ? "Succeeded" : "Failed";
    }

    Json.Obj over(Json.Obj before, Instant now) {
        var status = before.with("phase", Json.of(phase));
        if (unschedulable.isEmpty()) {
            status =
                    status.with("hostIP", Json.of("127.0.0.1"))
                            .with("podIP", Json.of("127.0.0.1"))
                            .with("podIPs", Json.of(List.of(Json.Obj.of("ip", "127.0.0.1"))));
            status = statuses(status);
        }
        if (started.isPresent() && !status.has("startTime")) {
            status = status.with("startTime", Json.of(Meta.stamp(started.get())));
        }
        return status.with(
                "conditions",
                Json.of(conditions(new Conditions(before.list("conditions")), now).items()));
    }

    private Json.Obj statuses(Json.Obj status) {
        var told = containers.stream().map(this::withWhatBlocks).toList();
        var next = status.with("containerStatuses", Json.of(told));
        return inits.isEmpty() ? next : next.with("initContainerStatuses", Json.of(inits));
    }

    /** A container that waits for its volumes says so, where the kubelet tells only an event. */
    private Json withWhatBlocks(Json container) {
        return blocked.isPresent()
                        && container instanceof Json.Obj status
                        && status.at("state", "waiting").isPresent()
                ? status.withAt(List.of("state", "waiting", "message"), Json.of(blocked.get()))
                : container;
    }

    private Conditions conditions(Conditions before, Instant now) {
        if (unschedulable.isPresent()) {
            return before.with(
                    Conditions.condition(
                            "PodScheduled", false, "Unschedulable", unschedulable.get()),
                    now);
        }
        var next = before.with(Conditions.condition("PodScheduled", true), now);
        next = next.with(initializedCondition(), now);
        next = next.with(readyCondition("ContainersReady", List.of()), now);
        var missing = gates.stream().filter(gate -> !before.isTrue(gate)).toList();
        return next.with(readyCondition("Ready", missing), now);
    }

    private Json.Obj initializedCondition() {
        return initialized
                ? Conditions.condition("Initialized", true)
                : Conditions.condition(
                        "Initialized",
                        false,
                        "ContainersNotInitialized",
                        "containers with incomplete status: "
                                + inits.stream()
                                        .filter(c -> !c.flag("ready"))
                                        .map(c -> c.text("name").orElse(""))
                                        .collect(Collectors.joining(" ", "[", "]")));
    }

    private Json.Obj readyCondition(String type, List<String> missingGates) {
        if (phase.equals("Succeeded")) {
            return Conditions.condition(type, false, "PodCompleted", "");
        }
        if (phase.equals("Failed")) {
            return Conditions.condition(type, false, "PodFailed", "");
        }
        if (ending) {
            return Conditions.condition(type, false, "PodTerminating", "the pod is being ended");
        }
        if (blocked.isPresent()) {
            return Conditions.condition(type, false, "ContainersNotReady", blocked.get());
        }
        if (!unready.isEmpty()) {
            return Conditions.condition(
                    type,
                    false,
                    "ContainersNotReady",
                    "containers with unready status: [" + String.join(" ", unready) + "]");
        }
        return missingGates.isEmpty()
                ? Conditions.condition(type, true)
                : Conditions.condition(
                        type,
                        false,
                        "ReadinessGatesNotReady",
                        "readiness gates not yet true: " + String.join(", ", missingGates));
    }
}
