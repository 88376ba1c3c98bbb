package dev.marea.local.controllers;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Map;

/** How a Deployment writes its ReplicaSets. */
final class ReplicaSetForm {
    private ReplicaSetForm() {}

    static Json.Obj of(DeploymentView deployment, int replicas, Json.Obj annotations) {
        var meta = deployment.meta();
        var hash = Json.of(Hash.of(deployment.template()));
        var template =
                deployment
                        .template()
                        .withAt(List.of("metadata", "labels", ReplicaSetView.HASH), hash);
        var spec =
                Json.Obj.of(
                        "replicas", replicas,
                        "selector",
                                deployment
                                        .object()
                                        .object("spec", "selector")
                                        .withAt(List.of("matchLabels", ReplicaSetView.HASH), hash),
                        "template", template);
        if (deployment.minReadySeconds() > 0) {
            spec = spec.with("minReadySeconds", Json.of(deployment.minReadySeconds()));
        }
        var set =
                Json.Obj.of(
                        "apiVersion", Resource.REPLICA_SET.apiVersion(),
                        "kind", Resource.REPLICA_SET.kind(),
                        "metadata",
                                Json.Obj.of(
                                        "name", meta.name() + "-" + Hash.of(deployment.template()),
                                        "namespace", meta.namespace(),
                                        "labels", template.object("metadata", "labels"),
                                        "annotations", annotations,
                                        "ownerReferences",
                                                List.of(meta.controls(Resource.DEPLOYMENT))),
                        "spec", spec);
        return sized(set, deployment);
    }

    /** What a proportional scaling will compare with. */
    private static Json.Obj sized(Json.Obj set, DeploymentView deployment) {
        int wanted = deployment.replicas();
        return annotated(
                set,
                Map.of(
                        ReplicaSetView.DESIRED, String.valueOf(wanted),
                        ReplicaSetView.MAX, String.valueOf((long) wanted + deployment.surge())));
    }

    private static Json.Obj annotated(Json.Obj set, Map<String, String> annotations) {
        var next = set;
        for (var annotation : annotations.entrySet()) {
            next =
                    next.withAt(
                            List.of("metadata", "annotations", annotation.getKey()),
                            Json.of(annotation.getValue()));
        }
        return next;
    }

    static Json.Obj resized(Json.Obj set, DeploymentView deployment, int replicas) {
        return sized(set.withAt(List.of("spec", "replicas"), Json.of(replicas)), deployment);
    }

    static Json.Obj annotated(
            Json.Obj set, DeploymentView deployment, Json.Obj copied, String revision) {
        var next = set;
        for (var field : copied.fields().entrySet()) {
            next =
                    next.withAt(
                            List.of("metadata", "annotations", field.getKey()), field.getValue());
        }
        if (deployment.minReadySeconds() != set.integer("spec", "minReadySeconds").orElse(0)) {
            next =
                    next.withAt(
                            List.of("spec", "minReadySeconds"),
                            Json.of(deployment.minReadySeconds()));
        }
        return annotated(next, Map.of(ReplicaSetView.REVISION, revision));
    }
}
