package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whose objects are made: the parts of an InferenceService's metadata that matter to them. */
public record Subject(
        String namespace,
        String name,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations) {
    public Subject {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    public static Subject of(Json.Obj inferenceService) {
        return new Subject(
                inferenceService.text("metadata", "namespace").orElse(""),
                inferenceService.text("metadata", "name").orElse(""),
                inferenceService.text("metadata", "uid").orElse(""),
                texts(inferenceService.object("metadata", "labels")),
                texts(inferenceService.object("metadata", "annotations")));
    }

    static Map<String, String> texts(Json.Obj tree) {
        var texts = new LinkedHashMap<String, String>();
        tree.fields()
                .forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        texts.put(key, text);
                    }
                });
        return texts;
    }

    /** Selects the pods of every revision. */
    Json.Obj pods() {
        return Json.Obj.of("matchLabels", Map.of(Names.APP_LABEL, Names.app(name)));
    }

    /** Deleting the service deletes all that bears this; therefore we need no finalizer. */
    Json.Arr owner() {
        return (Json.Arr)
                Json.of(
                        java.util.List.of(
                                Json.Obj.of(
                                        "apiVersion",
                                        "serving.kserve.io/v1beta1",
                                        "kind",
                                        "InferenceService",
                                        "name",
                                        name,
                                        "uid",
                                        uid,
                                        "controller",
                                        true,
                                        "blockOwnerDeletion",
                                        true)));
    }
}
