package dev.marea.kubernetes.objects;

import dev.marea.kubernetes.objects.GatewayDoors.Door;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The names by which others in a cluster call a service, and what makes them lead to the gateways.
 *
 * <p>The Service selects no pods; slices of our own list the gateways in its stead. Every service
 * needs slices of its own, for a slice belongs to one Service of its own namespace, and an address
 * of another Service may not stand in one.
 *
 * @param http2 whether the component speaks nothing but HTTP/2, so that whoever stands in between
 *     must speak it too
 * @param headless whether the names lead to the gateways' own addresses
 */
public record PredictorService(Subject subject, boolean http2, boolean headless) {
    /** The port for those that must be told to speak HTTP/2; KServe's servers take gRPC there. */
    public static final int GRPC_PORT = 8081;

    public static final int PORT = 80;

    /** The label of slices of ours; those of the cluster's own controller bear another value. */
    public static final Map<String, String> OUR_SLICES =
            Map.of("endpointslice.kubernetes.io/managed-by", "marea");

    public static final String OF_SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String SLICE = "-gateway-";
    private static final String HTTP = "http";
    private static final String GRPC = "h2c";

    /** Whether the components of these pods speak nothing but HTTP/2. */
    public static boolean speaksHttp2(List<Json.Obj> templates) {
        return !templates.isEmpty() && templates.stream().allMatch(PodTemplate::speaksHttp2);
    }

    public Json.Obj service() {
        var spec = new LinkedHashMap<String, Object>();
        spec.put("type", "ClusterIP");
        if (headless) {
            spec.put("clusterIP", "None");
        }
        // Where the cluster has two families of addresses, the service is reached by both.
        spec.put("ipFamilyPolicy", "PreferDualStack");
        spec.put(
                "ports",
                List.of(
                        http2
                                ? port(HTTP, PORT).with("appProtocol", Json.of(Names.H2C))
                                : port(HTTP, PORT),
                        port(GRPC, GRPC_PORT).with("appProtocol", Json.of(Names.H2C))));
        return OwnedObject.of(
                subject, "v1", "Service", name(), Map.of(), Json.Obj.of("spec", spec));
    }

    /** The plain name of a service, which KServe makes in Knative's mode. */
    public Json.Obj alias() {
        var target = "%s.%s.svc.cluster.local".formatted(name(), subject.namespace());
        return OwnedObject.of(
                subject,
                "v1",
                "Service",
                subject.name(),
                Map.of(),
                Json.Obj.of("spec", Json.Obj.of("type", "ExternalName", "externalName", target)));
    }

    /**
     * What points the Service at the gateways of one family of addresses, an empty one if there are
     * none any more.
     *
     * @param uid of the Service that stands
     */
    public Json.Obj slice(String uid, String family, List<Door> doors) {
        int target = doors.stream().map(Door::port).findFirst().orElse(Names.DEFAULT_PORT);
        var labels = new LinkedHashMap<String, String>();
        labels.put(Names.MANAGED_BY_LABEL, "marea");
        labels.putAll(OUR_SLICES);
        labels.put(OF_SERVICE_LABEL, name());
        var ports = new ArrayList<Json.Obj>();
        ports.add(slicePort(HTTP, target, http2));
        ports.add(slicePort(GRPC, target, true));
        var tree =
                OwnedObject.of(
                        subject,
                        "discovery.k8s.io/v1",
                        "EndpointSlice",
                        sliceName(family),
                        labels,
                        Map.of(),
                        Json.Obj.of(
                                "addressType",
                                family,
                                "endpoints",
                                doors.stream().map(PredictorService::endpoint).toList(),
                                "ports",
                                ports));
        // Owned by the Service: it goes when that goes, also when the InferenceService stays.
        var owner =
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "name",
                        name(),
                        "uid",
                        uid,
                        "controller",
                        true,
                        "blockOwnerDeletion",
                        false);
        return tree.withAt(List.of("metadata", "ownerReferences"), Json.of(List.of(owner)));
    }

    public String sliceName(String family) {
        return name() + SLICE + family.toLowerCase(Locale.ROOT);
    }

    /** The service whose slice has this name. */
    public static Optional<String> ofSlice(String name) {
        int end = name.lastIndexOf(Names.predictor("") + SLICE);
        return end > 0 ? Optional.of(name.substring(0, end)) : Optional.empty();
    }

    public String name() {
        return Names.predictor(subject.name());
    }

    private static Json.Obj port(String name, int port) {
        return Json.Obj.of(
                "name", name, "protocol", "TCP", "port", port, "targetPort", Names.DEFAULT_PORT);
    }

    private static Json.Obj slicePort(String name, int port, boolean http2) {
        var tree = Json.Obj.of("name", name, "protocol", "TCP", "port", port);
        return http2 ? tree.with("appProtocol", Json.of(Names.H2C)) : tree;
    }

    private static Json.Obj endpoint(Door door) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("addresses", List.of(door.address()));
        tree.put("conditions", Map.of("ready", true));
        door.node().ifPresent(node -> tree.put("nodeName", node));
        door.zone().ifPresent(zone -> tree.put("zone", zone));
        return (Json.Obj) Json.of(tree);
    }
}
