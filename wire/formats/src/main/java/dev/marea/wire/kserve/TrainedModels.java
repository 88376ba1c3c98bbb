package dev.marea.wire.kserve;

import dev.marea.core.plan.TrainedModelStatus;
import dev.marea.core.spec.TrainedModel;
import dev.marea.wire.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Reads TrainedModels, and writes their statuses as KServe's clients read them. */
public final class TrainedModels {
    /** KServe's own rule: a name with a dot could not be told from a file's. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]+");

    /** It names a directory, and files beside it. */
    private static final int NAME_MAX = 128;

    private TrainedModels() {}

    public static TrainedModel read(Json.Obj object) throws InvalidManifest {
        var problems = new Problems(Crds.trainedModel());
        Crds.trainedModel().check(object, "", problems);
        checkName(object.text("metadata", "name").orElse(""), problems);
        problems.refuseIfAny();
        var uri = object.text("spec", "model", "storageUri").orElseThrow();
        checkUri(uri, problems);
        var memory = Quantities.memory(object.at("spec", "model", "memory"));
        if (memory.isEmpty()) {
            problems.invalid(
                    "spec.model.memory", "must be an amount of memory such as 256Mi or 2Gi");
        }
        problems.refuseIfAny();
        return new TrainedModel(
                object.text("metadata", "namespace").filter(n -> !n.isEmpty()).orElse("default"),
                object.text("metadata", "name").orElseThrow(),
                object.integer("metadata", "generation").orElse(0),
                object.text("spec", "inferenceService").orElseThrow(),
                uri,
                object.text("spec", "model", "framework").orElseThrow(),
                memory.orElseThrow(),
                created(object));
    }

    private static void checkName(String name, Problems problems) {
        if (name.isEmpty()) {
            problems.missing("metadata.name", "is missing; every model needs a name");
        } else if (name.length() > NAME_MAX) {
            problems.invalid(
                    "metadata.name",
                    "has %d characters, at most %d are taken".formatted(name.length(), NAME_MAX));
        } else if (!NAME.matcher(name).matches()) {
            problems.invalid(
                    "metadata.name",
                    "\"%s\" must match %s: it is a part of the model's path"
                            .formatted(name, NAME.pattern()));
        }
    }

    /** A running replica can fetch, but mount nothing. */
    private static void checkUri(String uri, Problems problems) {
        switch (StorageScheme.of(uri)) {
            case StorageScheme.Served(var source) -> {
                if (source == StorageScheme.Source.PVC) {
                    problems.notSupported(
                            "spec.model.storageUri",
                            "cannot be a claim: a running replica mounts no further volume; use https:// or http://");
                }
            }
            case StorageScheme.KnownNotServed(var scheme) ->
                    problems.notSupported(
                            "spec.model.storageUri",
                            "with "
                                    + scheme
                                    + " is not served by this release; use https:// or http://");
            case StorageScheme.Refused(var message) ->
                    problems.invalid("spec.model.storageUri", message);
        }
    }

    private static Instant created(Json.Obj object) {
        try {
            return object.text("metadata", "creationTimestamp")
                    .map(Instant::parse)
                    .orElse(Instant.EPOCH);
        } catch (DateTimeException _) {
            return Instant.EPOCH;
        }
    }

    /**
     * The value of {@code status}.
     *
     * @param before the status that stands; a condition that says the same keeps its time
     */
    public static Json.Obj status(TrainedModelStatus status, Json.Obj before, Instant now) {
        var conditions = new ArrayList<Json>();
        for (var condition : status.conditions()) {
            var tree =
                    Json.Obj.of(
                            "type", condition.type().wireName(),
                            "status", condition.truth().wireName(),
                            "reason", condition.reason().wireName(),
                            "lastTransitionTime", since(condition, before, now));
            conditions.add(
                    condition.message().isEmpty()
                            ? tree
                            : tree.with("message", Json.of(condition.message())));
        }
        var tree =
                Json.Obj.of(
                        "observedGeneration",
                        status.observedGeneration(),
                        "conditions",
                        conditions);
        if (status.url().isPresent()) {
            tree = tree.with("url", Json.of(status.url().get()));
        }
        return status.address().isPresent()
                ? tree.with("address", Json.Obj.of("url", status.address().get()))
                : tree;
    }

    private static String since(
            TrainedModelStatus.Condition condition, Json.Obj before, Instant now) {
        return before.list("conditions").stream()
                .filter(c -> c.text("type").filter(condition.type().wireName()::equals).isPresent())
                .filter(c ->
                        c.text("status").filter(condition.truth().wireName()::equals).isPresent())
                .flatMap(c -> c.text("lastTransitionTime").stream())
                .findFirst()
                .orElse(now.toString());
    }

    /** KServe's {@code models.json}: what its agents load, by name. */
    public static Json.Arr config(List<TrainedModel> models) {
        return new Json.Arr(
                models.stream()
                        .sorted(Comparator.comparing(TrainedModel::name))
                        .<Json>map(model ->
                                Json.Obj.of(
                                        "modelName",
                                        model.name(),
                                        "modelSpec",
                                        Json.Obj.of(
                                                "storageUri", model.storageUri(),
                                                "framework", model.framework(),
                                                "memory", model.memory().text())))
                        .toList());
    }
}
