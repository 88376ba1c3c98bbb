package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.StorageScheme;
import dev.marea.wire.kserve.StorageUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a model's files come to where the server looks for them: volumes, mounts of them, and for
 * models that must be fetched a step before the containers start.
 */
record ModelMount(List<Json.Obj> volumes, List<Json.Obj> mounts, Optional<Json.Obj> step) {
    private static final String FETCHED = "kserve-provision-location";
    private static final String CLAIM = "kserve-pvc-source";
    private static final String HOST = "marea-model-source";

    /** The container that fetches; tools look for this name. */
    static final String STEP = "storage-initializer";

    /** One model, in the usual place. */
    static ModelMount of(String uri, boolean readOnly, String fetcherImage) throws Unrenderable {
        var model = new StorageUri(uri, Names.MODEL_DIRECTORY);
        return of(List.of(model), readOnly, fetcherImage);
    }

    /** Several artefacts, each in its own place. */
    static ModelMount of(List<StorageUri> artefacts, boolean readOnly, String fetcherImage)
            throws Unrenderable {
        var made = new Making(readOnly);
        for (var artefact : artefacts) {
            made.add(artefact);
        }
        return made.all(fetcherImage);
    }

    /** Collects the parts. */
    private record Making(
            boolean readOnly,
            List<Json.Obj> volumes,
            List<Json.Obj> mounts,
            List<StorageUri> fetched) {
        Making(boolean readOnly) {
            this(readOnly, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void add(StorageUri artefact) throws Unrenderable {
            var uri = artefact.uri();
            switch (StorageScheme.of(uri)) {
                case StorageScheme.Served(var source) -> {
                    switch (source) {
                        case PATH -> fromHost(uri, artefact);
                        case FILE -> fromHost(uri.substring("file://".length()), artefact);
                        case PVC -> fromClaim(uri, artefact);
                        case HTTP, HTTPS -> fetched.add(artefact);
                    }
                }
                case StorageScheme.KnownNotServed later ->
                        throw new Unrenderable(Reason.SCHEME_NOT_SUPPORTED, later.message());
                case StorageScheme.Refused(var message) ->
                        throw new Unrenderable(
                                Reason.INVALID_PREDICTOR_SPEC, "storageUri " + message);
            }
        }

        /** The files are there already; a directory and a single file are mounted alike. */
        private void fromHost(String path, StorageUri artefact) {
            var name = numbered(HOST);
            volumes.add(Json.Obj.of("name", name, "hostPath", Json.Obj.of("path", path)));
            mounts.add(mount(name, artefact.mountPath(), readOnly));
        }

        private void fromClaim(String uri, StorageUri artefact) {
            var rest = uri.substring("pvc://".length());
            var slash = rest.indexOf('/');
            var claim = slash < 0 ? rest : rest.substring(0, slash);
            var inside = slash < 0 ? "" : rest.substring(slash + 1).replaceAll("/+$", "");
            var name = numbered(CLAIM);
            var source = Json.Obj.of("claimName", claim, "readOnly", readOnly);
            volumes.add(Json.Obj.of("name", name, "persistentVolumeClaim", source));
            var mount = mount(name, artefact.mountPath(), readOnly);
            mounts.add(inside.isEmpty() ? mount : mount.with("subPath", Json.of(inside)));
        }

        /** The first one bears KServe's name. */
        private String numbered(String name) {
            var before =
                    volumes.stream()
                            .flatMap(v -> v.text("name").stream())
                            .filter(n -> n.startsWith(name))
                            .count();
            return before == 0 ? name : name + "-" + (before + 1);
        }

        ModelMount all(String image) {
            if (fetched.isEmpty()) {
                return new ModelMount(volumes, mounts, Optional.empty());
            }
            var parent = StorageUri.parent(fetched);
            var args = new ArrayList<String>();
            args.add("fetch");
            fetched.forEach(artefact -> {
                args.add(artefact.uri());
                args.add(artefact.mountPath());
            });
            // What is mounted inside needs a directory there, which only the step may make.
            var inside =
                    mounts.stream()
                            .filter(m -> m.text("mountPath").orElse("").startsWith(parent + "/"))
                            .toList();
            volumes.addFirst(Json.Obj.of("name", FETCHED, "emptyDir", Json.Obj.EMPTY));
            mounts.addFirst(mount(FETCHED, parent, readOnly));
            var step =
                    Json.Obj.of(
                            "name",
                            STEP,
                            "image",
                            image,
                            "args",
                            args,
                            "terminationMessagePolicy",
                            "FallbackToLogsOnError",
                            "volumeMounts",
                            Stream.concat(Stream.of(mount(FETCHED, parent, false)), inside.stream())
                                    .toList());
            return new ModelMount(volumes, mounts, Optional.of(step));
        }
    }

    private static Json.Obj mount(String volume, String path, boolean readOnly) {
        var mount = Json.Obj.of("name", volume, "mountPath", path);
        return readOnly ? mount.with("readOnly", Json.of(true)) : mount;
    }
}
