package dev.marea.local.tables;

import static dev.marea.local.tables.Column.text;

import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pod's row: one word for the state of all its containers, and how often they started again. */
final class PodColumns {
    private static final String NONE = "<none>";
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    static final List<Column> ALL =
            List.of(
                    Columns.name(),
                    text("Ready", (o, _) -> ready(o)),
                    text("Status", (o, _) -> status(o)),
                    text("Restarts", PodColumns::restarts),
                    Columns.age(),
                    Columns.at("IP", NONE, "status", "podIP").wide(),
                    Columns.at("Node", NONE, "spec", "nodeName").wide(),
                    Columns.at("Nominated Node", NONE, "status", "nominatedNodeName").wide(),
                    text("Readiness Gates", (o, _) -> gates(o)).wide());

    private PodColumns() {}

    private static String ready(Json.Obj pod) {
        long ready =
                pod.list("status", "containerStatuses").stream()
                        .filter(c -> c.flag("ready") && c.at("state", "running").isPresent())
                        .count();
        return ready + "/" + pod.list("spec", "containers").size();
    }

    static String status(Json.Obj pod) {
        var phase = pod.text("status", "phase").orElse("");
        if (pod.at("metadata", "deletionTimestamp").isPresent() && !ENDED.contains(phase)) {
            return "Terminating";
        }
        var general = pod.text("status", "reason").filter(r -> !r.isEmpty()).orElse(phase);
        return initializing(pod).orElseGet(() -> running(pod, general));
    }

    private static Optional<String> initializing(Json.Obj pod) {
        var steps = pod.list("status", "initContainerStatuses");
        int all = pod.list("spec", "initContainers").size();
        for (int i = 0; i < steps.size(); i++) {
            var state = steps.get(i).object("state");
            if (state.integer("terminated", "exitCode").orElse(1) == 0) {
                continue;
            }
            if (state.has("terminated")) {
                return Optional.of("Init:" + ended(state.object("terminated")));
            }
            var waiting = state.text("waiting", "reason").orElse("");
            return Optional.of(
                    waiting.isEmpty() || waiting.equals("PodInitializing")
                            ? "Init:%d/%d".formatted(i, all)
                            : "Init:" + waiting);
        }
        return Optional.empty();
    }

    /** The first container that has something to say wins, as kubectl's users are used to. */
    private static String running(Json.Obj pod, String general) {
        var reason = general;
        boolean anyRuns = false;
        for (var container : pod.list("status", "containerStatuses").reversed()) {
            var state = container.object("state");
            var waiting = state.text("waiting", "reason").orElse("");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (state.has("terminated")) {
                reason = ended(state.object("terminated"));
            } else if (container.flag("ready") && state.has("running")) {
                anyRuns = true;
            }
        }
        if (reason.equals("Completed") && anyRuns) {
            return condition(pod, "Ready") ? "Running" : "NotReady";
        }
        return reason;
    }

    private static boolean condition(Json.Obj pod, String type) {
        return pod.list("status", "conditions").stream()
                .anyMatch(c ->
                        c.text("type").filter(type::equals).isPresent()
                                && c.text("status").filter("True"::equals).isPresent());
    }

    private static String ended(Json.Obj terminated) {
        var reason = terminated.text("reason").orElse("");
        if (!reason.isEmpty()) {
            return reason;
        }
        long signal = terminated.integer("signal").orElse(0);
        return signal != 0
                ? "Signal:" + signal
                : "ExitCode:" + terminated.integer("exitCode").orElse(0);
    }

    private static String restarts(Json.Obj pod, Instant now) {
        var containers = pod.list("status", "containerStatuses");
        long count = containers.stream().mapToLong(c -> c.integer("restartCount").orElse(0)).sum();
        var last =
                containers.stream()
                        .flatMap(c -> c.text("lastState", "terminated", "finishedAt").stream())
                        .max(String::compareTo);
        return count == 0 || last.isEmpty()
                ? Long.toString(count)
                : "%d (%s ago)".formatted(count, Ages.since(last.get(), now));
    }

    private static String gates(Json.Obj pod) {
        var gates = pod.list("spec", "readinessGates");
        long met =
                gates.stream()
                        .filter(g -> condition(pod, g.text("conditionType").orElse("")))
                        .count();
        return gates.isEmpty() ? NONE : met + "/" + gates.size();
    }
}
