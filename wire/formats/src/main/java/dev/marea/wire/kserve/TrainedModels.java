package dev.marea.wire.kserve;

import dev.marea.core.spec.ServiceId;
import dev.marea.core.spec.TrainedModel;
import dev.marea.wire.json.Json;
import dev.marea.wire.text.Quantity;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads TrainedModels. */
public final class TrainedModels {
    /** A model's name is a directory, a part of paths and a word in URLs. */
    private static final String NAME_REGEX = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    private static final Pattern NAME = Pattern.compile(NAME_REGEX);
    private static final int NAME_MAX = 253;
    private static final String URI_FIELD = "spec.model.storageUri";
    private static final String MEMORY_FIELD = "spec.model.memory";

    private TrainedModels() {}

    public static TrainedModel read(Json.Obj object) throws InvalidManifest {
        var problems = new Problems(Crds.trainedModel());
        Crds.trainedModel().check(object, "", problems);
        checkName(object.text("metadata", "name").orElse(""), problems);
        problems.refuseIfAny();
        checkUri(object.text("spec", "model", "storageUri").orElse(""), problems);
        long memory = memory(object, problems);
        problems.refuseIfAny();
        return new TrainedModel(
                new ServiceId(
                        object.text("metadata", "namespace")
                                .filter(n -> !n.isEmpty())
                                .orElse("default"),
                        object.text("spec", "inferenceService").orElseThrow()),
                object.text("metadata", "name").orElseThrow(),
                object.integer("metadata", "generation").orElse(0),
                created(object),
                object.text("spec", "model", "storageUri").orElseThrow(),
                object.text("spec", "model", "framework").orElseThrow(),
                memory);
    }

    private static void checkName(String name, Problems problems) {
        if (name.isEmpty()) {
            problems.missing("metadata.name", "is missing; every model needs a name");
        } else if (name.length() > NAME_MAX || !NAME.matcher(name).matches()) {
            problems.invalid(
                    "metadata.name",
                    "\"%s\" must match %s and have at most %d characters"
                            .formatted(name, NAME_REGEX, NAME_MAX));
        }
    }

    private static void checkUri(String uri, Problems problems) {
        switch (StorageScheme.of(uri)) {
            case StorageScheme.Served(var source) when source == StorageScheme.Source.PVC ->
                    problems.notSupported(
                            URI_FIELD,
                            "pvc:// cannot be mounted into replicas that run; use https://, http://, file:///path or /path");
            case StorageScheme.Served(var source) when source == StorageScheme.Source.OCI_IMAGE ->
                    problems.notSupported(
                            URI_FIELD,
                            "oci+native:// cannot be mounted into replicas that run; use oci://");
            case StorageScheme.Served _, StorageScheme.KnownNotServed _ -> {}
            case StorageScheme.Foreign(_, var message) -> problems.invalid(URI_FIELD, message);
            case StorageScheme.Refused(var message) -> problems.invalid(URI_FIELD, message);
        }
    }

    private static long memory(Json.Obj object, Problems problems) {
        var memory = units(object);
        if (memory.isEmpty() || memory.getAsLong() < 0) {
            problems.invalid(MEMORY_FIELD, "must be an amount such as 256Mi or 1Gi");
        }
        return memory.orElse(0);
    }

    /** What a spec says of its memory, as bytes; empty where that is no amount. */
    public static OptionalLong units(Json.Obj object) {
        return object.at("spec", "model", "memory")
                .flatMap(TrainedModels::amount)
                .map(Quantity::units)
                .orElse(OptionalLong.empty());
    }

    private static Optional<String> amount(Json value) {
        return switch (value) {
            case Json.Str(var text) -> Optional.of(text);
            case Json.Int(var number) -> Optional.of(Long.toString(number));
            case Json.Obj _, Json.Arr _, Json.Dec _, Json.Bool _, Json.Null _ -> Optional.empty();
        };
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
}
