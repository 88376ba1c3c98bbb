package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.FetchTerms;
import dev.marea.wire.kserve.StorageContainer;
import dev.marea.wire.kserve.StorageScheme;
import dev.marea.wire.kserve.StorageUri;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a model's files come to where the server looks for them: volumes, mounts of them, and for
 * models that must be fetched the steps before the containers start.
 */
record ModelMount(List<Json.Obj> volumes, List<Json.Obj> mounts, List<Json.Obj> steps) {
    private static final String FETCHED = "kserve-provision-location";
    private static final String CLAIM = "kserve-pvc-source";
    private static final String HOST = "marea-model-source";
    private static final String IMAGE = "marea-model-image";

    /** Where the files of a model lie in its image. */
    private static final String IN_IMAGE = "models";

    private static final String FETCH = "fetch";

    /** The container that fetches; tools look for this name. */
    static final String STEP = Names.FETCH_STEP;

    /** Whether a step is our own; another one is an administrator's. */
    static boolean isOurs(Json step) {
        return step.list("args").stream()
                .findFirst()
                .filter(first -> first.equals(Json.of(FETCH)) || first.equals(Json.of("agent")))
                .isPresent();
    }

    /**
     * Collects the parts.
     *
     * @param image of our own step
     * @param named the ClusterStorageContainer that the predictor names
     */
    record Making(
            boolean readOnly,
            boolean onCluster,
            String image,
            List<StorageContainer> containers,
            Optional<String> named) {

        /** Several artefacts, each in its own place. */
        ModelMount of(List<StorageUri> artefacts) throws Unrenderable {
            var parts = new Parts(this);
            for (var artefact : artefacts) {
                parts.add(artefact);
            }
            return parts.all();
        }
    }

    private record Parts(
            Making making,
            List<Json.Obj> volumes,
            List<Json.Obj> mounts,
            List<StorageUri> fetched,
            Map<StorageContainer, List<StorageUri>> foreign) {
        Parts(Making making) {
            this(
                    making,
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new LinkedHashMap<>());
        }

        void add(StorageUri artefact) throws Unrenderable {
            var uri = artefact.uri();
            if (uri.startsWith(FetchTerms.SPEC_SCHEME)) {
                fetched.add(artefact);
                return;
            }
            var theirs = StorageContainer.choose(making.containers(), making.named(), uri);
            if (theirs.isPresent()) {
                foreign.computeIfAbsent(theirs.get(), _ -> new ArrayList<>()).add(artefact);
                return;
            }
            if (making.named().isPresent()) {
                throw unserved(
                        "there is no enabled ClusterStorageContainer named "
                                + making.named().get());
            }
            addOurs(artefact);
        }

        private void addOurs(StorageUri artefact) throws Unrenderable {
            var uri = artefact.uri();
            switch (StorageScheme.of(uri)) {
                case StorageScheme.Served(var source) -> {
                    switch (source) {
                        case PATH -> fromHost(uri, artefact);
                        case FILE -> fromHost(uri.substring("file://".length()), artefact);
                        case PVC -> fromClaim(uri, artefact);
                        case OCI_IMAGE -> fromImage(artefact);
                        case HTTP,
                                HTTPS,
                                S3,
                                GCS,
                                HUB,
                                AZURE_BLOB,
                                AZURE_FILE,
                                OCI,
                                WEBHDFS,
                                MLFLOW ->
                                fetched.add(artefact);
                    }
                }
                case StorageScheme.KnownNotServed later -> throw unserved(later.message());
                case StorageScheme.Foreign(_, var message) ->
                        throw unserved(
                                "storageUri "
                                        + message
                                        + "; there is no ClusterStorageContainer for it");
                case StorageScheme.Refused(var message) ->
                        throw new Unrenderable(
                                Reason.INVALID_PREDICTOR_SPEC, "storageUri " + message);
            }
        }

        private static Unrenderable unserved(String message) {
            return new Unrenderable(Reason.SCHEME_NOT_SUPPORTED, message);
        }

        /** The files are there already; a directory and a single file are mounted alike. */
        private void fromHost(String path, StorageUri artefact) {
            var name = numbered(HOST);
            volumes.add(Json.Obj.of("name", name, "hostPath", Json.Obj.of("path", path)));
            mounts.add(mount(name, artefact.mountPath()));
        }

        private void fromClaim(String uri, StorageUri artefact) {
            var rest = uri.substring("pvc://".length());
            var slash = rest.indexOf('/');
            var claim = slash < 0 ? rest : rest.substring(0, slash);
            var inside = slash < 0 ? "" : rest.substring(slash + 1).replaceAll("/+$", "");
            var name = numbered(CLAIM);
            var source = Json.Obj.of("claimName", claim, "readOnly", making.readOnly());
            volumes.add(Json.Obj.of("name", name, "persistentVolumeClaim", source));
            var mount = mount(name, artefact.mountPath());
            mounts.add(inside.isEmpty() ? mount : mount.with("subPath", Json.of(inside)));
        }

        /** The kubelet pulls and mounts it; a machine without one fetches it like any other. */
        private void fromImage(StorageUri artefact) {
            if (!making.onCluster()) {
                fetched.add(artefact);
                return;
            }
            var name = numbered(IMAGE);
            var reference = artefact.uri().substring(artefact.uri().indexOf("://") + 3);
            volumes.add(Json.Obj.of("name", name, "image", Json.Obj.of("reference", reference)));
            mounts.add(
                    Json.Obj.of(
                            "name",
                            name,
                            "mountPath",
                            artefact.mountPath(),
                            "subPath",
                            IN_IMAGE,
                            "readOnly",
                            true));
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

        ModelMount all() {
            var brought =
                    Stream.concat(fetched.stream(), foreign.values().stream().flatMap(List::stream))
                            .toList();
            if (brought.isEmpty()) {
                return new ModelMount(volumes, mounts, List.of());
            }
            var parent = StorageUri.parent(brought);
            // What is mounted inside needs a directory there, which only the step may make.
            var inside =
                    mounts.stream()
                            .filter(m -> m.text("mountPath").orElse("").startsWith(parent + "/"))
                            .toList();
            volumes.addFirst(Json.Obj.of("name", FETCHED, "emptyDir", Json.Obj.EMPTY));
            mounts.addFirst(mount(FETCHED, parent));
            var place = Json.Obj.of("name", FETCHED, "mountPath", parent);
            return new ModelMount(
                    volumes,
                    mounts,
                    steps(Stream.concat(Stream.of(place), inside.stream()).toList()));
        }

        private List<Json.Obj> steps(List<Json.Obj> places) {
            var steps = new ArrayList<Json.Obj>();
            if (!fetched.isEmpty()) {
                steps.add(ours(places));
            }
            foreign.forEach((container, artefacts) -> {
                var runs =
                        container.several()
                                ? List.of(artefacts)
                                : artefacts.stream().map(List::of).toList();
                runs.forEach(run -> steps.add(theirs(container, run, places)));
            });
            // The first one has the name that tools look for, the others numbers.
            for (int i = 1; i < steps.size(); i++) {
                steps.set(i, steps.get(i).with("name", Json.of(STEP + "-" + (i + 1))));
            }
            return steps;
        }

        private Json.Obj ours(List<Json.Obj> places) {
            var args = new ArrayList<String>();
            args.add(FETCH);
            args.addAll(pairs(fetched));
            return Json.Obj.of(
                    "name",
                    STEP,
                    "image",
                    making.image(),
                    "args",
                    args,
                    "terminationMessagePolicy",
                    "FallbackToLogsOnError",
                    "volumeMounts",
                    places);
        }

        private static Json.Obj theirs(
                StorageContainer container, List<StorageUri> artefacts, List<Json.Obj> places) {
            var said = Json.Obj.of("terminationMessagePolicy", "FallbackToLogsOnError");
            return Merge.objects(
                    Merge.objects(said, container.container()).without("args"),
                    Json.Obj.of("name", STEP, "args", pairs(artefacts), "volumeMounts", places));
        }

        private static List<String> pairs(List<StorageUri> artefacts) {
            return artefacts.stream().flatMap(a -> Stream.of(a.uri(), a.mountPath())).toList();
        }

        private Json.Obj mount(String volume, String path) {
            var mount = Json.Obj.of("name", volume, "mountPath", path);
            return making.readOnly() ? mount.with("readOnly", Json.of(true)) : mount;
        }
    }
}
