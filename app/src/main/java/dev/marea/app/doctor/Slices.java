package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import java.io.IOException;

/** Who stands behind a Service. */
final class Slices {
    private Slices() {}

    /** How many endpoints are ready. */
    static long ready(Cluster cluster, String namespace, String service) throws IOException {
        var path =
                "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices?labelSelector=kubernetes.io%%2Fservice-name%%3D%s"
                        .formatted(namespace, service);
        return cluster.read(path).stream()
                .flatMap(list -> list.list("items").stream())
                .flatMap(slice -> slice.list("endpoints").stream())
                .filter(endpoint -> endpoint.flag("conditions", "ready"))
                .count();
    }
}
