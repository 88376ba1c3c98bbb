package dev.marea.local.api;

import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.List;

/**
 * What Kubernetes fills in for single kinds of its own when they are written, beyond their schemas.
 */
final class BuiltIn {
    private BuiltIn() {}

    static Json.Obj defaulted(ServedKind kind, Json.Obj object) {
        var resource = kind.resource();
        if (resource.equals(Resource.SECRET)) {
            return object.text("type").orElse("").isEmpty()
                    ? object.with("type", Json.of("Opaque"))
                    : object;
        }
        if (resource.equals(Resource.NAMESPACE)) {
            return namespace(object);
        }
        boolean pends = resource.equals(Resource.POD) || resource.equals(Resource.PVC);
        if (pends && !object.has("status")) {
            return object.with("status", Json.Obj.of("phase", "Pending"));
        }
        return object;
    }

    /** A namespace stays until its contents are gone. */
    private static Json.Obj namespace(Json.Obj namespace) {
        boolean held =
                new Meta(namespace).deleting() || !namespace.list("spec", "finalizers").isEmpty();
        var next =
                held
                        ? namespace
                        : namespace.withAt(
                                List.of("spec", "finalizers"), Json.of(List.of("kubernetes")));
        return next.has("status") ? next : next.with("status", Json.Obj.of("phase", "Active"));
    }
}
