package dev.marea.kubernetes.api;

import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what fabric8's informers hold into JSON trees; nothing under spec or status is lost. */
public final class Trees {
    private Trees() {}

    public static Json.Obj of(GenericKubernetesResource object) {
        return tree(object, object.getAdditionalProperties());
    }

    public static Json.Obj of(InferenceServiceResource object) {
        return custom(object);
    }

    public static Json.Obj of(TrainedModelResource object) {
        return custom(object);
    }

    private static Json.Obj custom(
            CustomResource<Map<String, Object>, Map<String, Object>> object) {
        var rest = new LinkedHashMap<String, Object>();
        put(rest, "spec", object.getSpec());
        put(rest, "status", object.getStatus());
        return tree(object, rest);
    }

    private static Json.Obj tree(HasMetadata object, Map<String, Object> rest) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("apiVersion", object.getApiVersion());
        fields.put("kind", object.getKind());
        fields.put("metadata", metadata(object.getMetadata()));
        fields.putAll(rest);
        return (Json.Obj) Json.of(fields);
    }

    private static Map<String, Object> metadata(ObjectMeta meta) {
        var fields = new LinkedHashMap<String, Object>();
        put(fields, "name", meta.getName());
        put(fields, "namespace", meta.getNamespace());
        put(fields, "uid", meta.getUid());
        put(fields, "resourceVersion", meta.getResourceVersion());
        put(fields, "generation", meta.getGeneration());
        put(fields, "creationTimestamp", meta.getCreationTimestamp());
        put(fields, "deletionTimestamp", meta.getDeletionTimestamp());
        put(fields, "labels", meta.getLabels());
        put(fields, "annotations", meta.getAnnotations());
        var owners =
                meta.getOwnerReferences().stream()
                        .map(o -> {
                            var owner = new LinkedHashMap<String, Object>();
                            owner.put("apiVersion", o.getApiVersion());
                            owner.put("kind", o.getKind());
                            owner.put("name", o.getName());
                            owner.put("uid", o.getUid());
                            put(owner, "controller", o.getController());
                            put(owner, "blockOwnerDeletion", o.getBlockOwnerDeletion());
                            return owner;
                        })
                        .toList();
        if (!owners.isEmpty()) {
            fields.put("ownerReferences", owners);
        }
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
