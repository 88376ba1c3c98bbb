package dev.marea.app.cli;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.text.Nearest;
import java.io.IOException;
import java.util.List;

/** Finds InferenceServices by name, with a hint where the name is misspelt. */
final class Services {
    private Services() {}

    static ServiceView find(Cluster cluster, String namespace, String name)
            throws IOException, Failure {
        var found = cluster.get(ResourcePath.INFERENCE_SERVICE, namespace, name);
        if (found.isPresent()) {
            return new ServiceView(found.get());
        }
        throw new Failure(
                "there is no service "
                        + name
                        + " in namespace "
                        + namespace
                        + hint(cluster, namespace, name));
    }

    private static String hint(Cluster cluster, String namespace, String name) throws IOException {
        var all = list(cluster, "");
        var elsewhere = all.stream().filter(s -> s.name().equals(name)).findFirst();
        if (elsewhere.isPresent()) {
            return "; there is one in namespace "
                    + elsewhere.get().namespace()
                    + " (-n "
                    + elsewhere.get().namespace()
                    + ")";
        }
        return Nearest.of(
                        name,
                        all.stream()
                                .filter(s -> s.namespace().equals(namespace))
                                .map(ServiceView::name)
                                .toList())
                .map(near -> "; did you mean " + near + "?")
                .orElse("; `marea get -A` lists all");
    }

    static List<ServiceView> list(Cluster cluster, String namespace) throws IOException {
        return cluster.list(ResourcePath.INFERENCE_SERVICE, namespace, "").stream()
                .map(ServiceView::new)
                .toList();
    }
}
