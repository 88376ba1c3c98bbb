package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.StorageScheme;
import java.util.List;
import java.util.Optional;

/**
 * How a model's files come to {@code /mnt/models}: a volume, the mount of it, and for models that
 * must be fetched a step before the containers start.
 */
record ModelMount(Json.Obj volume, Json.Obj mount, Optional<Json.Obj> step) {
    private static final String FETCHED = "kserve-provision-location";
    private static final String CLAIM = "kserve-pvc-source";
    private static final String HOST = "marea-model-source";

    /** The container that fetches; tools look for this name. */
    static final String STEP = "storage-initializer";

    static ModelMount of(String uri, boolean readOnly, String fetcherImage) throws Unrenderable {
        return switch (StorageScheme.of(uri)) {
            case StorageScheme.Served(var source) ->
                    switch (source) {
                        case PATH -> fromHost(uri, readOnly);
                        case FILE -> fromHost(uri.substring("file://".length()), readOnly);
                        case PVC -> fromClaim(uri, readOnly);
                        case HTTP, HTTPS -> fetched(uri, readOnly, fetcherImage);
                    };
            case StorageScheme.KnownNotServed later ->
                    throw new Unrenderable(Reason.SCHEME_NOT_SUPPORTED, later.message());
            case StorageScheme.Refused(var message) ->
                    throw new Unrenderable(Reason.INVALID_PREDICTOR_SPEC, "storageUri " + message);
        };
    }

    /** The files are there already; a directory and a single file are mounted alike. */
    private static ModelMount fromHost(String path, boolean readOnly) {
        return new ModelMount(
                Json.Obj.of("name", HOST, "hostPath", Json.Obj.of("path", path)),
                mount(HOST, readOnly),
                Optional.empty());
    }

    private static ModelMount fromClaim(String uri, boolean readOnly) {
        var rest = uri.substring("pvc://".length());
        var slash = rest.indexOf('/');
        var claim = slash < 0 ? rest : rest.substring(0, slash);
        var inside = slash < 0 ? "" : rest.substring(slash + 1).replaceAll("/+$", "");
        var source = Json.Obj.of("claimName", claim, "readOnly", readOnly);
        var mount = mount(CLAIM, readOnly);
        return new ModelMount(
                Json.Obj.of("name", CLAIM, "persistentVolumeClaim", source),
                inside.isEmpty() ? mount : mount.with("subPath", Json.of(inside)),
                Optional.empty());
    }

    private static ModelMount fetched(String uri, boolean readOnly, String image) {
        var step =
                Json.Obj.of(
                        "name",
                        STEP,
                        "image",
                        image,
                        "args",
                        List.of("fetch", uri, Names.MODEL_DIRECTORY),
                        "terminationMessagePolicy",
                        "FallbackToLogsOnError",
                        "volumeMounts",
                        List.of(mount(FETCHED, false)));
        return new ModelMount(
                Json.Obj.of("name", FETCHED, "emptyDir", Json.Obj.EMPTY),
                mount(FETCHED, readOnly),
                Optional.of(step));
    }

    private static Json.Obj mount(String volume, boolean readOnly) {
        var mount = Json.Obj.of("name", volume, "mountPath", Names.MODEL_DIRECTORY);
        return readOnly ? mount.with("readOnly", Json.of(true)) : mount;
    }
}
