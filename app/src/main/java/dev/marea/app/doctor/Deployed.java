package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import java.io.IOException;

/** Whether one of our own Deployments is up. */
final class Deployed {
    private Deployed() {}

    static Finding look(Cluster cluster, String namespace, String subject, String name)
            throws IOException {
        var path = "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + name;
        return cluster.read(path)
                .map(deployment -> judged(deployment, namespace, subject, name))
                .orElseGet(() ->
                        Finding.fail(
                                subject,
                                "there is no Deployment %s in namespace %s"
                                        .formatted(name, namespace),
                                "install Marea with `helm install marea`, or name its namespace with --system-namespace"));
    }

    private static Finding judged(
            Json.Obj deployment, String namespace, String subject, String name) {
        long wanted = deployment.integer("spec", "replicas").orElse(1);
        long ready = deployment.integer("status", "readyReplicas").orElse(0);
        var found = "%d of %d replicas of %s are ready".formatted(ready, wanted, name);
        var advice =
                "see `kubectl -n %s describe deployment %s` and the log of its pods"
                        .formatted(namespace, name);
        if (ready == 0) {
            return Finding.fail(subject, found, advice);
        }
        return ready < wanted ? Finding.warn(subject, found, advice) : Finding.ok(subject, found);
    }
}
