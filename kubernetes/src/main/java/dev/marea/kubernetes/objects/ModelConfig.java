package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ConfigMap that tells the agents of a service which models to load. */
public final class ModelConfig {
    /** Its one key, as KServe's agent reads it. */
    private static final String FILE = "models.json";

    private ModelConfig() {}

    public static Json.Obj of(Subject service, Json.Arr models) {
        return Json.Obj.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Json.Obj.of(
                        "name",
                        Names.modelConfig(service.name()),
                        "namespace",
                        service.namespace(),
                        "labels",
                        Json.Obj.of(Names.SERVICE_LABEL, service.name()),
                        "ownerReferences",
                        service.owner()),
                "data",
                Json.Obj.of(FILE, JsonWriter.text(models)));
    }

    /**
     * A merge patch that lets a model go with its service; empty where it does already. Its author
     * stays its controller, so this owner is not one.
     */
    public static Optional<Json.Obj> ownership(Subject service, Json.Obj model) {
        var owners = new ArrayList<Json>();
        for (var owner : model.list("metadata", "ownerReferences")) {
            if (owner.text("uid").filter(service.uid()::equals).isPresent()) {
                return Optional.empty();
            }
            owners.add(owner);
        }
        var ours =
                Json.Obj.of(
                        "apiVersion",
                        "serving.kserve.io/v1beta1",
                        "kind",
                        "InferenceService",
                        "name",
                        service.name(),
                        "uid",
                        service.uid());
        owners.add(ours);
        return Optional.of(
                Json.Obj.EMPTY.withAt(
                        List.of("metadata", "ownerReferences"), new Json.Arr(owners)));
    }
}
