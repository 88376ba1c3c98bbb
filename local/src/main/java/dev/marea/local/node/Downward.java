package dev.marea.local.node;

import dev.marea.wire.json.Json;
import dev.marea.wire.text.Quantity;
import java.util.Map;
import java.util.stream.Collectors;

/** What a pod may be told about itself: fieldRef and resourceFieldRef. */
final class Downward {
    private final String nodeName;
    private final Capacity capacity;

    Downward(String nodeName, Capacity capacity) {
        this.nodeName = nodeName;
        this.capacity = capacity;
    }

    String value(PodSpec pod, ContainerSpec container, Json source) throws Blocked {
        return source.at("fieldRef").isPresent()
                ? field(pod, source.text("fieldRef", "fieldPath").orElse(""))
                : resource(container, source.object("resourceFieldRef"));
    }

    private String field(PodSpec pod, String path) throws Blocked {
        var meta = pod.meta();
        return switch (path) {
            case "metadata.name" -> meta.name();
            case "metadata.namespace" -> meta.namespace();
            case "metadata.uid" -> meta.uid();
            case "metadata.labels" -> lines(meta.labels());
            case "metadata.annotations" -> lines(meta.annotations());
            case "spec.nodeName" -> nodeName;
            case "spec.serviceAccountName" ->
                    pod.pod().text("spec", "serviceAccountName").orElse("default");
            case "status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs" -> "127.0.0.1";
            default -> keyed(pod, path);
        };
    }

    private static String keyed(PodSpec pod, String path) throws Blocked {
        if (path.startsWith("metadata.labels['") && path.endsWith("']")) {
            return pod.meta().labels().getOrDefault(key(path), "");
        }
        if (path.startsWith("metadata.annotations['") && path.endsWith("']")) {
            return pod.meta().annotations().getOrDefault(key(path), "");
        }
        throw Blocked.config("fieldPath \"" + path + "\" is none that a pod can be told");
    }

    private static String key(String path) {
        return path.substring(path.indexOf("['") + 2, path.length() - 2);
    }

    private static String lines(Map<String, String> map) {
        return map.entrySet().stream()
                .map(e -> e.getKey() + "=\"" + e.getValue().replace("\"", "\\\"") + '"')
                .collect(Collectors.joining("\n"));
    }

    /** Without a limit, what the machine has. */
    private String resource(ContainerSpec container, Json.Obj ref) throws Blocked {
        var name = ref.text("resource").orElse("");
        var dot = name.indexOf('.');
        var when = dot < 0 ? "" : name.substring(0, dot);
        var what = name.substring(dot + 1);
        var declared = container.resource(when, what);
        if (declared.isEmpty() && when.equals("requests")) {
            declared = container.resource("limits", what);
        }
        var milli = Quantity.milli(declared.orElse(when.equals("limits") ? whole(what) : "0"));
        var divisor = Quantity.milli(ref.text("divisor").filter(d -> !d.equals("0")).orElse("1"));
        if (milli.isEmpty() || divisor.isEmpty() || divisor.getAsLong() <= 0) {
            throw Blocked.config("resourceFieldRef \"" + name + "\" has no amount");
        }
        return String.valueOf(Math.ceilDiv(milli.getAsLong(), divisor.getAsLong()));
    }

    private String whole(String what) {
        return switch (what) {
            case "cpu" -> String.valueOf(capacity.cpus());
            case "memory" -> String.valueOf(capacity.memoryBytes());
            default -> "0";
        };
    }
}
