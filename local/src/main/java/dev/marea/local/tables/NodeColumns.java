package dev.marea.local.tables;

import static dev.marea.local.tables.Column.text;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.stream.Collectors;

/** A node's row. */
final class NodeColumns {
    private static final String NONE = "<none>";
    private static final String UNKNOWN = "<unknown>";
    private static final String ROLE = "node-role.kubernetes.io/";

    static final List<Column> ALL =
            List.of(
                    Columns.name(),
                    text("Status", (o, _) -> status(o)),
                    text("Roles", (o, _) -> roles(o)),
                    Columns.age(),
                    Columns.at("Version", "", "status", "nodeInfo", "kubeletVersion"),
                    text("Internal-IP", (o, _) -> address(o, "InternalIP")).wide(),
                    text("External-IP", (o, _) -> address(o, "ExternalIP")).wide(),
                    Columns.at("OS-Image", UNKNOWN, "status", "nodeInfo", "osImage").wide(),
                    Columns.at("Kernel-Version", UNKNOWN, "status", "nodeInfo", "kernelVersion")
                            .wide(),
                    Columns.at(
                                    "Container-Runtime",
                                    UNKNOWN,
                                    "status",
                                    "nodeInfo",
                                    "containerRuntimeVersion")
                            .wide());

    private NodeColumns() {}

    private static String status(Json.Obj node) {
        var ready =
                node.list("status", "conditions").stream()
                        .filter(c -> c.text("type").filter("Ready"::equals).isPresent())
                        .map(c -> c.text("status").orElse(""))
                        .findFirst();
        var word =
                ready.map(status -> status.equals("True") ? "Ready" : "NotReady").orElse("Unknown");
        return node.flag("spec", "unschedulable") ? word + ",SchedulingDisabled" : word;
    }

    private static String roles(Json.Obj node) {
        var roles =
                node.object("metadata", "labels").fields().keySet().stream()
                        .filter(label -> label.startsWith(ROLE))
                        .map(label -> label.substring(ROLE.length()))
                        .sorted()
                        .collect(Collectors.joining(","));
        return roles.isEmpty() ? NONE : roles;
    }

    private static String address(Json.Obj node, String type) {
        return node.list("status", "addresses").stream()
                .filter(a -> a.text("type").filter(type::equals).isPresent())
                .map(a -> a.text("address").orElse(NONE))
                .findFirst()
                .orElse(NONE);
    }
}
