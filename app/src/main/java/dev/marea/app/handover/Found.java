package dev.marea.app.handover;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What of KServe a cluster has.
 *
 * @param controllers its Deployments that act
 * @param webhooks its webhook configurations, by where they live
 * @param kinds the definitions of the kinds that both serve
 */
record Found(
        List<Json.Obj> controllers,
        Map<ResourcePath, List<Json.Obj>> webhooks,
        List<Json.Obj> kinds) {
    static final ResourcePath DEPLOYMENTS = ResourcePath.named("deployments").orElseThrow();
    static final ResourcePath VALIDATING = webhooks("validating", "Validating");
    static final ResourcePath MUTATING = webhooks("mutating", "Mutating");
    static final ResourcePath KINDS =
            new ResourcePath(
                    "apiextensions.k8s.io",
                    "v1",
                    "customresourcedefinitions",
                    "CustomResourceDefinition",
                    false,
                    List.of());

    private static final String GROUP = "serving.kserve.io";
    private static final String CONTROLLER = "-controller-manager";

    private static ResourcePath webhooks(String plural, String kind) {
        return new ResourcePath(
                "admissionregistration.k8s.io",
                "v1",
                plural + "webhookconfigurations",
                kind + "WebhookConfiguration",
                false,
                List.of());
    }

    static Found in(Cluster cluster, String namespace) throws IOException {
        var controllers = new ArrayList<Json.Obj>();
        for (var deployment : cluster.list(DEPLOYMENTS, namespace, "")) {
            if (name(deployment).endsWith(CONTROLLER)) {
                controllers.add(deployment);
            }
        }
        return new Found(
                controllers,
                Map.of(
                        VALIDATING, ofService(cluster.list(VALIDATING, "", ""), namespace),
                        MUTATING, ofService(cluster.list(MUTATING, "", ""), namespace)),
                cluster.list(KINDS, "", "").stream()
                        .filter(k -> k.text("spec", "group").filter(GROUP::equals).isPresent())
                        .toList());
    }

    /** Those that call a service of the namespace; Marea's own live elsewhere. */
    private static List<Json.Obj> ofService(List<Json.Obj> all, String namespace) {
        return all.stream()
                .filter(c ->
                        c.list("webhooks").stream()
                                .anyMatch(w ->
                                        w.text("clientConfig", "service", "namespace")
                                                .filter(namespace::equals)
                                                .isPresent()))
                .toList();
    }

    boolean nothing() {
        return controllers.isEmpty() && webhooks.values().stream().allMatch(List::isEmpty);
    }

    static String name(Json object) {
        return object.text("metadata", "name").orElse("");
    }
}
