package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import java.io.IOException;
import java.util.List;

/** Whether names of Services are resolved; gateways find the operator by one. */
final class DnsCheck implements Doctor.Check {
    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        if (cluster.read("/api/v1/namespaces/kube-system/services/kube-dns").isEmpty()) {
            return List.of(
                    Finding.warn(
                            "DNS",
                            "there is no Service kube-dns in kube-system",
                            "fine if the cluster resolves names in another way; gateways must find marea-operator-feed"));
        }
        long ready = Slices.ready(cluster, "kube-system", "kube-dns");
        return List.of(
                ready > 0
                        ? Finding.ok("DNS", ready + " servers are ready")
                        : Finding.fail(
                                "DNS",
                                "the Service kube-dns has nobody ready behind it",
                                "see `kubectl -n kube-system get pods -l k8s-app=kube-dns`"));
    }
}
