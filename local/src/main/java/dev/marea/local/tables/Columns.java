package dev.marea.local.tables;

import static dev.marea.local.tables.Column.number;
import static dev.marea.local.tables.Column.text;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of Kubernetes' own kinds, named and filled as a real API server does. */
final class Columns {
    private static final String NONE = "<none>";
    private static final String UNKNOWN = "<unknown>";

    private static final Column NAME =
            text("Name", (o, _) -> o.text("metadata", "name").orElse("")).asName();
    private static final Column AGE = text("Age", (o, now) -> age(o, now));

    private static final Map<Resource, List<Column>> BUILT_IN =
            Map.ofEntries(
                    Map.entry(Resource.POD, PodColumns.ALL),
                    Map.entry(
                            Resource.DEPLOYMENT,
                            workload(
                                    text(
                                            "Ready",
                                            (o, _) ->
                                                    "%d/%d"
                                                            .formatted(
                                                                    status(o, "readyReplicas"),
                                                                    wanted(o))),
                                    number("Up-to-date", (o, _) -> status(o, "updatedReplicas")),
                                    number("Available", (o, _) -> status(o, "availableReplicas")))),
                    Map.entry(
                            Resource.REPLICA_SET,
                            workload(
                                    number("Desired", (o, _) -> wanted(o)),
                                    number("Current", (o, _) -> status(o, "replicas")),
                                    number("Ready", (o, _) -> status(o, "readyReplicas")))),
                    Map.entry(
                            Resource.SERVICE,
                            List.of(
                                    NAME,
                                    at("Type", NONE, "spec", "type"),
                                    at("Cluster-IP", NONE, "spec", "clusterIP"),
                                    text("External-IP", (o, _) -> externalIp(o)),
                                    text("Port(s)", (o, _) -> servicePorts(o)),
                                    AGE,
                                    text("Selector", (o, _) -> labels(o.object("spec", "selector")))
                                            .wide())),
                    Map.entry(
                            Resource.CONFIG_MAP,
                            List.of(
                                    NAME,
                                    number(
                                            "Data",
                                            (o, _) -> size(o, "data") + size(o, "binaryData")),
                                    AGE)),
                    Map.entry(
                            Resource.SECRET,
                            List.of(
                                    NAME,
                                    at("Type", "", "type"),
                                    number("Data", (o, _) -> size(o, "data")),
                                    AGE)),
                    Map.entry(
                            Resource.SERVICE_ACCOUNT,
                            List.of(
                                    NAME,
                                    number("Secrets", (o, _) -> (long) o.list("secrets").size()),
                                    AGE)),
                    Map.entry(
                            Resource.NAMESPACE,
                            List.of(NAME, at("Status", "", "status", "phase"), AGE)),
                    Map.entry(Resource.NODE, NodeColumns.ALL),
                    Map.entry(Resource.EVENT, EventColumns.ALL),
                    Map.entry(
                            Resource.PVC,
                            List.of(
                                    NAME,
                                    text("Status", (o, _) -> phase(o)),
                                    at("Volume", "", "spec", "volumeName"),
                                    at("Capacity", "", "status", "capacity", "storage"),
                                    text("Access Modes", (o, _) -> accessModes(o)),
                                    at("StorageClass", "", "spec", "storageClassName"),
                                    at(
                                            "VolumeAttributesClass",
                                            "<unset>",
                                            "spec",
                                            "volumeAttributesClassName"),
                                    AGE,
                                    at("VolumeMode", "<unset>", "spec", "volumeMode").wide())),
                    Map.entry(
                            Resource.ENDPOINT_SLICE,
                            List.of(
                                    NAME,
                                    at("AddressType", "", "addressType"),
                                    text("Ports", (o, _) -> slicePorts(o)),
                                    text("Endpoints", (o, _) -> sliceAddresses(o)),
                                    AGE)),
                    Map.entry(
                            Resource.LEASE,
                            List.of(NAME, at("Holder", "", "spec", "holderIdentity"), AGE)),
                    Map.entry(
                            Resource.CONTROLLER_REVISION,
                            List.of(
                                    NAME,
                                    text("Controller", (o, _) -> controller(o)),
                                    number("Revision", (o, _) -> o.integer("revision").orElse(0)),
                                    AGE)),
                    Map.entry(
                            Resource.CRD,
                            List.of(NAME, at("Created At", "", "metadata", "creationTimestamp"))));

    private Columns() {}

    static List<Column> of(Resource resource, Optional<Json.Obj> crdVersion) {
        var builtIn = BUILT_IN.get(resource);
        if (builtIn != null) {
            return builtIn;
        }
        var printed = crdVersion.map(v -> v.list("additionalPrinterColumns")).orElse(List.of());
        if (printed.isEmpty()) {
            return List.of(NAME, AGE);
        }
        var columns = new ArrayList<Column>();
        columns.add(NAME);
        printed.forEach(column -> columns.add(defined(column)));
        return columns;
    }

    /** A column of a definition: a JSON path and a type. */
    private static Column defined(Json column) {
        var path = JsonPath.parse(column.text("jsonPath").orElse(""));
        var type = column.text("type").orElse("string");
        return new Column(
                column.text("name").orElse(""),
                type,
                column.text("format").orElse(""),
                (int) column.integer("priority").orElse(0),
                (object, now) ->
                        path.first(object)
                                .map(value -> shown(type, value, now))
                                .orElse(Json.Null.VALUE));
    }

    private static Json shown(String type, Json value, Instant now) {
        return switch (type) {
            case "date" -> Json.of(value.text().map(t -> Ages.since(t, now)).orElse(UNKNOWN));
            case "string" -> value instanceof Json.Str ? value : Json.of(value.toString());
            default -> value;
        };
    }

    private static List<Column> workload(Column... counts) {
        var columns = new ArrayList<Column>();
        columns.add(NAME);
        columns.addAll(List.of(counts));
        columns.add(AGE);
        columns.add(text("Containers", (o, _) -> containers(o, "name")).wide());
        columns.add(text("Images", (o, _) -> containers(o, "image")).wide());
        columns.add(text("Selector", (o, _) -> selector(o)).wide());
        return columns;
    }

    static Column at(String name, String missing, String... path) {
        return text(name, (o, _) -> o.text(path).filter(value -> !value.isEmpty()).orElse(missing));
    }

    static Column name() {
        return NAME;
    }

    static Column age() {
        return AGE;
    }

    static String age(Json.Obj object, Instant now) {
        return object.text("metadata", "creationTimestamp")
                .map(created -> Ages.since(created, now))
                .orElse(UNKNOWN);
    }

    private static long status(Json.Obj object, String field) {
        return object.integer("status", field).orElse(0);
    }

    private static long wanted(Json.Obj object) {
        return object.integer("spec", "replicas").orElse(0);
    }

    private static long size(Json.Obj object, String field) {
        return object.object(field).fields().size();
    }

    private static String phase(Json.Obj object) {
        return object.at("metadata", "deletionTimestamp").isPresent()
                ? "Terminating"
                : object.text("status", "phase").orElse("");
    }

    private static String containers(Json.Obj object, String field) {
        return joined(
                object.list("spec", "template", "spec", "containers"),
                container -> container.text(field).orElse(""));
    }

    private static String joined(List<Json> items, Function<Json, String> each) {
        return items.stream().map(each).collect(Collectors.joining(","));
    }

    private static String labels(Json.Obj labels) {
        var text = SelectorText.exact(labels);
        return text.isEmpty() ? NONE : text;
    }

    private static String plain(Json value) {
        return value instanceof Json.Str(var text) ? text : value.toString();
    }

    private static String selector(Json.Obj object) {
        var text = SelectorText.of(object.object("spec", "selector"));
        return text.isEmpty() ? NONE : text;
    }

    private static String externalIp(Json.Obj service) {
        if (service.text("spec", "type").filter("ExternalName"::equals).isPresent()) {
            return service.text("spec", "externalName").orElse(NONE);
        }
        var addresses = joined(service.list("spec", "externalIPs"), Columns::plain);
        return addresses.isEmpty() ? NONE : addresses;
    }

    private static String servicePorts(Json.Obj service) {
        var ports =
                joined(
                        service.list("spec", "ports"),
                        port -> {
                            var node = port.integer("nodePort");
                            return port.integer("port").orElse(0)
                                    + (node.isPresent() ? ":" + node.getAsLong() : "")
                                    + "/"
                                    + port.text("protocol").orElse("TCP");
                        });
        return ports.isEmpty() ? NONE : ports;
    }

    private static String accessModes(Json.Obj claim) {
        var modes = claim.list("status", "accessModes");
        return joined(
                modes,
                mode ->
                        switch (plain(mode)) {
                            case "ReadWriteOnce" -> "RWO";
                            case "ReadOnlyMany" -> "ROX";
                            case "ReadWriteMany" -> "RWX";
                            case "ReadWriteOncePod" -> "RWOP";
                            default -> plain(mode);
                        });
    }

    private static String slicePorts(Json.Obj slice) {
        var ports =
                joined(slice.list("ports"), port -> Long.toString(port.integer("port").orElse(0)));
        return ports.isEmpty() ? "<unset>" : ports;
    }

    private static String sliceAddresses(Json.Obj slice) {
        var all =
                slice.list("endpoints").stream()
                        .flatMap(endpoint -> endpoint.list("addresses").stream())
                        .map(Columns::plain)
                        .toList();
        if (all.isEmpty()) {
            return "<unset>";
        }
        return all.size() <= 3
                ? String.join(",", all)
                : String.join(",", all.subList(0, 3)) + " + " + (all.size() - 3) + " more...";
    }

    private static String controller(Json.Obj object) {
        return object.list("metadata", "ownerReferences").stream()
                .filter(owner -> owner.flag("controller"))
                .map(owner -> {
                    var group = owner.text("apiVersion").orElse("").replaceFirst("/?[^/]*$", "");
                    var kind = owner.text("kind").orElse("").toLowerCase(Locale.ROOT);
                    return (group.isEmpty() ? kind : kind + "." + group)
                            + "/"
                            + owner.text("name").orElse("");
                })
                .findFirst()
                .orElse(NONE);
    }
}
