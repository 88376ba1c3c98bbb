package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells news of a service's objects from the echo of what we just did: that something of ours is
 * there now, and what the controllers of Deployments note for themselves. An echo starts no round;
 * of what was edited or deleted by hand it says nothing.
 */
final class Echoes {
    /** The notes of others on our objects. */
    private static final String OF_THE_CONTROLLER = "deployment.kubernetes.io/";

    private static final List<String> COUNTS = List.of("replicas", "readyReplicas");
    private static final String REFUSED = "ReplicaFailure";

    private Echoes() {}

    /**
     * One that is there now. It is none if it is ours as we made it, and nothing came of it yet: a
     * watch that begins anew shows as added what became ready meanwhile.
     */
    static boolean isNews(GenericKubernetesResource added) {
        if (Kind.POD.name().equals(added.getKind())) {
            return status(added).get("conditions") instanceof List<?> said && !said.isEmpty();
        }
        var annotations = annotations(added.getMetadata());
        var ours =
                annotations.containsKey(Names.APPLIED) || annotations.containsKey(Names.IDENTITY);
        return !ours || !told(added).isEmpty();
    }

    static boolean isNews(GenericKubernetesResource now, GenericKubernetesResource before) {
        return !Kind.DEPLOYMENT.name().equals(now.getKind())
                || edited(now.getMetadata(), before.getMetadata())
                || !told(now).equals(told(before));
    }

    private static boolean edited(ObjectMeta now, ObjectMeta before) {
        return !Objects.equals(now.getGeneration(), before.getGeneration())
                || !Objects.equals(now.getUid(), before.getUid())
                || !Objects.equals(now.getDeletionTimestamp(), before.getDeletionTimestamp())
                || !Objects.equals(now.getLabels(), before.getLabels())
                || !Objects.equals(now.getOwnerReferences(), before.getOwnerReferences())
                || !annotations(now).equals(annotations(before));
    }

    /** What a round reads of a Deployment's status, as far as there is anything. */
    private static Map<String, Object> told(GenericKubernetesResource object) {
        var told = new LinkedHashMap<String, Object>();
        var status = status(object);
        for (var count : COUNTS) {
            if (status.get(count) instanceof Number number && number.longValue() != 0) {
                told.put(count, number.longValue());
            }
        }
        if (status.get("conditions") instanceof List<?> conditions) {
            conditions.stream()
                    .filter(c -> c instanceof Map<?, ?> map && REFUSED.equals(map.get("type")))
                    .forEach(c -> told.put(REFUSED, c));
        }
        return told;
    }

    private static Map<?, ?> status(GenericKubernetesResource object) {
        return object.getAdditionalProperties().get("status") instanceof Map<?, ?> status
                ? status
                : Map.of();
    }

    private static Map<String, String> annotations(ObjectMeta meta) {
        var all = new LinkedHashMap<String, String>();
        if (meta.getAnnotations() != null) {
            all.putAll(meta.getAnnotations());
        }
        all.keySet().removeIf(name -> name.startsWith(OF_THE_CONTROLLER));
        return all;
    }
}
