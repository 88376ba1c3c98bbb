package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whether the one who asks may do what the verbs of the command line do. */
final class RightsCheck implements Doctor.Check {
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    private record Need(String verb, String group, String resource, String part) {
        String words() {
            var name = part.isEmpty() ? resource : resource + "/" + part;
            return verb + " " + name;
        }
    }

    private static final List<Need> NEEDS =
            List.of(
                    new Need("create", "serving.kserve.io", "inferenceservices", ""),
                    new Need("patch", "serving.kserve.io", "inferenceservices", ""),
                    new Need("list", "serving.kserve.io", "inferenceservices", ""),
                    new Need("delete", "serving.kserve.io", "inferenceservices", ""),
                    new Need("list", "", "pods", ""),
                    new Need("get", "", "pods", "log"),
                    new Need("list", "", "events", ""));

    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        var lacking = new ArrayList<String>();
        for (var need : NEEDS) {
            if (!allowed(cluster, need)) {
                lacking.add(need.words());
            }
        }
        var where = "in namespace " + cluster.namespace();
        return List.of(
                lacking.isEmpty()
                        ? Finding.ok("permissions", "you may do all that the verbs need " + where)
                        : Finding.warn(
                                "permissions",
                                "you may not " + String.join(", ", lacking) + " " + where,
                                "bind a role with these verbs to yourself, or use another context"));
    }

    private static boolean allowed(Cluster cluster, Need need) throws IOException {
        var attributes =
                Json.Obj.of(
                        "namespace", cluster.namespace(),
                        "verb", need.verb(),
                        "group", need.group(),
                        "resource", need.resource(),
                        "subresource", need.part());
        var review =
                Json.Obj.of(
                        "apiVersion",
                        "authorization.k8s.io/v1",
                        "kind",
                        "SelfSubjectAccessReview",
                        "spec",
                        Json.Obj.of("resourceAttributes", attributes));
        return cluster.post(REVIEWS, review).flag("status", "allowed");
    }
}
