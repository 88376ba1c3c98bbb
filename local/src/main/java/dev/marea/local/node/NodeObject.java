package dev.marea.local.node;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Conditions;
import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine as a Node: what it has, that it is well, and what it cannot do. */
final class NodeObject {
    private static final Logger LOG = LoggerFactory.getLogger(NodeObject.class);
    private static final String PODS_MAX = "110";

    private final Objects objects;
    private final NodeSettings settings;
    private final Capacity capacity;
    private final MemoryRoom memory;
    private final boolean enforcesMemory;
    private final Time time;
    private volatile boolean ended;
    private volatile Time.Alarm next = Time.Alarm.NONE;

    NodeObject(
            Objects objects,
            NodeSettings settings,
            Capacity capacity,
            MemoryRoom memory,
            boolean enforcesMemory,
            Time time) {
        this.objects = objects;
        this.settings = settings;
        this.capacity = capacity;
        this.memory = memory;
        this.enforcesMemory = enforcesMemory;
        this.time = time;
    }

    void beat() {
        if (ended) {
            return;
        }
        write(true);
        next = time.after(settings.heartbeat(), this::beat);
    }

    void end() {
        ended = true;
        next.cancel();
        write(false);
    }

    private void write(boolean ready) {
        try {
            var key = new Key(Resource.NODE, "", settings.name());
            var there = objects.get(key);
            var node = there.isPresent() ? there.get() : objects.create(object(), Objects.NODE);
            var status = status(node.list("status", "conditions"), ready);
            objects.updateStatus(
                    node.withoutAt(List.of("metadata", "resourceVersion")).with("status", status),
                    Objects.NODE);
        } catch (Refusal refused) {
            LOG.warn("node {} not written: {}", settings.name(), refused.getMessage());
        }
    }

    private Json.Obj object() {
        return Json.Obj.of(
                "apiVersion",
                "v1",
                "kind",
                "Node",
                "metadata",
                Json.Obj.of(
                        "name",
                        settings.name(),
                        "labels",
                        Json.Obj.of(
                                "kubernetes.io/hostname", settings.name(),
                                "kubernetes.io/os", "linux",
                                "kubernetes.io/arch", architecture())),
                "spec",
                Json.Obj.EMPTY);
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case String other -> other;
        };
    }

    private Json.Obj status(List<Json> before, boolean ready) {
        var now = time.now();
        return Json.Obj.of(
                "capacity", amounts(capacity.memoryBytes()),
                "allocatable", amounts(memory.bytes()),
                "addresses",
                        List.of(
                                Json.Obj.of("type", "InternalIP", "address", "127.0.0.1"),
                                Json.Obj.of("type", "Hostname", "address", settings.name())),
                "conditions", conditions(new Conditions(before), ready, now).items(),
                "nodeInfo", info());
    }

    private Json.Obj amounts(long memoryBytes) {
        return Json.Obj.of(
                "cpu",
                String.valueOf(capacity.cpus()),
                "memory",
                (memoryBytes >> 10) + "Ki",
                "pods",
                PODS_MAX);
    }

    private Conditions conditions(Conditions before, boolean ready, Instant now) {
        var beat = Json.of(Meta.stamp(now));
        var next =
                before.with(
                        (ready
                                        ? Conditions.condition(
                                                "Ready",
                                                true,
                                                "NodeReady",
                                                "marea runs pods as processes")
                                        : Conditions.condition(
                                                "Ready",
                                                false,
                                                "NodeStopped",
                                                "marea has been stopped"))
                                .with("lastHeartbeatTime", beat),
                        now);
        return next.with(
                (enforcesMemory
                                ? Conditions.condition(
                                        "MemoryUnlimited",
                                        false,
                                        "ControlGroups",
                                        "memory limits are held by control groups")
                                : Conditions.condition(
                                        "MemoryUnlimited",
                                        true,
                                        "NoControlGroups",
                                        "no writable memory control group: a container may take more"
                                                + " than its limit (our model server keeps to it)"))
                        .with("lastHeartbeatTime", beat),
                now);
    }

    private static Json.Obj info() {
        return Json.Obj.of(
                "kubeletVersion", "marea",
                "containerRuntimeVersion", "process://marea",
                "kubeProxyVersion", "",
                "osImage", System.getProperty("os.name", ""),
                "operatingSystem", "linux",
                "kernelVersion", System.getProperty("os.version", ""),
                "architecture", architecture(),
                "machineID", "",
                "systemUUID", "",
                "bootID", "");
    }
}
