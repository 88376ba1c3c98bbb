package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
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
        if (uri.startsWith("/")) {
            return fromHost(uri, readOnly);
        }
        var colon = uri.indexOf("://");
        if (colon <= 0) {
            throw invalid(
                    uri, "write a scheme, as in https://host/model.onnx, or an absolute path");
        }
        return switch (uri.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "file" -> fromHost(path(uri), readOnly);
            case "pvc" -> fromClaim(uri, readOnly);
            case "http", "https" -> fetched(uri, readOnly, fetcherImage);
            default ->
                    throw new Unrenderable(
                            Reason.SCHEME_NOT_SUPPORTED,
                            "storageUri %s: %s:// is not supported yet; use file://, pvc://, https://, http:// or an absolute path"
                                    .formatted(uri, uri.substring(0, colon)));
        };
    }

    /** The files are there already; a directory and a single file are mounted alike. */
    private static ModelMount fromHost(String path, boolean readOnly) throws Unrenderable {
        if (List.of(path.split("/")).contains("..")) {
            throw invalid(path, "a path must not contain ..");
        }
        return new ModelMount(
                Json.Obj.of("name", HOST, "hostPath", Json.Obj.of("path", path)),
                mount(HOST, readOnly),
                Optional.empty());
    }

    private static ModelMount fromClaim(String uri, boolean readOnly) throws Unrenderable {
        var rest = uri.substring("pvc://".length());
        var slash = rest.indexOf('/');
        var claim = slash < 0 ? rest : rest.substring(0, slash);
        var inside = slash < 0 ? "" : rest.substring(slash + 1).replaceAll("/+$", "");
        if (claim.isEmpty() || List.of(inside.split("/")).contains("..")) {
            throw invalid(uri, "write pvc://claim/path/inside");
        }
        var source = Json.Obj.of("claimName", claim, "readOnly", readOnly);
        var mount = mount(CLAIM, readOnly);
        return new ModelMount(
                Json.Obj.of("name", CLAIM, "persistentVolumeClaim", source),
                inside.isEmpty() ? mount : mount.with("subPath", Json.of(inside)),
                Optional.empty());
    }

    private static ModelMount fetched(String uri, boolean readOnly, String image)
            throws Unrenderable {
        try {
            if (new URI(uri).getHost() == null) {
                throw invalid(uri, "the host is missing");
            }
        } catch (URISyntaxException bad) {
            throw invalid(uri, bad.getReason());
        }
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

    private static String path(String uri) throws Unrenderable {
        var path = uri.substring("file://".length());
        if (!path.startsWith("/")) {
            throw invalid(uri, "write three slashes, as in file:///models/iris");
        }
        return path;
    }

    private static Unrenderable invalid(String uri, String fix) {
        return new Unrenderable(
                Reason.INVALID_PREDICTOR_SPEC, "storageUri %s: %s".formatted(uri, fix));
    }
}
