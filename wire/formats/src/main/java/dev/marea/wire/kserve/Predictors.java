package dev.marea.wire.kserve;

import dev.marea.core.spec.Component;
import dev.marea.core.spec.ModelFormat;
import dev.marea.core.spec.Protocol;
import dev.marea.core.spec.Scale;
import dev.marea.core.spec.Workload;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads a canonical predictor tree into a component. */
final class Predictors {
    static final String PATH = "spec.predictor";

    private Predictors() {}

    /** Checks everything; the result counts only where no problem was found. */
    static Component read(
            Json.Obj object,
            Json.Obj predictor,
            String path,
            Problems problems,
            List<String> warnings) {
        Refused.check(predictor, path, problems);
        Environment.check(predictor, path, problems);
        var annotations = Annotations.of(object, predictor, path);
        var scaling = new Scaling(predictor, path, annotations, problems, warnings);
        var scale = scaling.scale();
        var autoscaling = scaling.autoscaling();
        checkStorage(predictor, path, problems);
        var timeout = predictor.integer("timeout").orElse(0);
        var component =
                new Component(
                        workload(predictor),
                        problems.none() ? scale : new Scale(0, 0),
                        autoscaling,
                        (int) predictor.integer("containerConcurrency").orElse(0),
                        timeout == 0 ? Component.DEFAULT_TIMEOUT : Duration.ofSeconds(timeout));
        Workers.check(predictor, path, component, problems);
        return component;
    }

    private static Workload workload(Json.Obj predictor) {
        if (!predictor.has("model")) {
            return new Workload.Custom();
        }
        return new Workload.Model(
                new ModelFormat(
                        predictor.text("model", "modelFormat", "name").orElse("none"),
                        given(predictor.text("model", "modelFormat", "version"))),
                storageUri(predictor),
                given(predictor.text("model", "runtime")),
                predictor.text("model", "protocolVersion").flatMap(Protocol::of),
                predictor.has(Workers.FIELD));
    }

    /** Of several artefacts the first one. */
    static Optional<String> storageUri(Json.Obj predictor) {
        return given(predictor.text("model", "storageUri"))
                .or(() -> StorageSpec.of(predictor).map(StorageSpec::uri))
                .or(() -> StorageUri.all(predictor).stream().map(StorageUri::uri).findFirst());
    }

    private static Optional<String> given(Optional<String> text) {
        return text.filter(t -> !t.isEmpty());
    }

    private static void checkStorage(Json.Obj predictor, String path, Problems problems) {
        predictor
                .text("model", "storageUri")
                .ifPresent(uri -> checkUri(uri, path + ".model.storageUri", problems));
        StorageUri.check(predictor, path, problems);
        StorageSpec.check(predictor, path, problems);
        Environment.storageUri(predictor)
                .ifPresent(uri -> checkUri(uri, path + ".containers[STORAGE_URI]", problems));
    }

    private static void checkUri(String uri, String field, Problems problems) {
        switch (StorageScheme.of(uri)) {
            case StorageScheme.Served _,
                    StorageScheme.KnownNotServed _,
                    StorageScheme.Foreign _ -> {}
            case StorageScheme.Refused(var message) -> problems.invalid(field, message);
        }
    }
}
