package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Reason;
import dev.marea.core.spec.Workload;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ShippedRuntimes;
import dev.marea.wire.kserve.StorageContainer;
import dev.marea.wire.kserve.StorageUri;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Renders the pod of a predictor: the runtime's pod with the author's over it, the model mounted,
 * placeholders filled. What it returns names no revision yet, so that equal manifests give equal
 * templates; what nobody spoke of is left to {@link PodDefaults}.
 *
 * @param containers that fetch what we do not
 */
record PodTemplate(Subject subject, PodSettings settings, List<StorageContainer> containers) {
    /** Fields of a component that steer us; every other field belongs to its pod. */
    private static final Set<String> STEERING =
            Set.of(
                    "model",
                    "minReplicas",
                    "maxReplicas",
                    "scaleTarget",
                    "scaleMetric",
                    "scaleMetricType",
                    "autoScaling",
                    "containerConcurrency",
                    "timeout",
                    "canaryTrafficPercent",
                    "canary",
                    "logger",
                    "batcher",
                    "labels",
                    "annotations",
                    "deploymentStrategy",
                    "storageUris",
                    "storageContainerName",
                    "name",
                    "workerSpec",
                    "confidential");

    /** Those of them that shape pods all the same. */
    private static final Set<String> SHAPING =
            Set.of(
                    "model",
                    "labels",
                    "annotations",
                    "storageUris",
                    "storageContainerName",
                    "workerSpec");

    /** Fields of a model that are no container fields. */
    private static final Set<String> MODEL =
            Set.of(
                    "modelFormat",
                    "runtime",
                    "runtimeVersion",
                    "storageUri",
                    "protocolVersion",
                    "storage",
                    "confidential");

    /** Parts of a runtime that go into pods as they are. */
    private static final List<String> RUNTIME_POD =
            List.of(
                    "volumes",
                    "nodeSelector",
                    "affinity",
                    "tolerations",
                    "imagePullSecrets",
                    "hostIPC",
                    "schedulerName",
                    "resourceClaims");

    Json.Obj render(Workload workload, Json.Obj predictor, Optional<RuntimeTree> runtime)
            throws Unrenderable {
        var pod = authorsPod(predictor);
        var containers =
                switch (workload) {
                    case Workload.Model model -> modelContainers(model, predictor, runtime);
                    case Workload.Custom() -> predictor.list("containers");
                };
        if (containers.isEmpty()) {
            throw new Unrenderable(
                    Reason.INVALID_PREDICTOR_SPEC,
                    "spec.predictor names neither a model nor containers");
        }
        var spec = Merge.objects(runtime.map(this::runtimesPod).orElse(Json.Obj.EMPTY), pod);
        var model = mount(workload, predictor, containers);
        var mounted =
                model.isPresent()
                        ? mounted(spec, containers, model.get())
                        : shared(workload, containers, runtime)
                                ? repository().addedTo(spec, containers)
                                : spec.with("containers", new Json.Arr(containers));
        return Json.Obj.of("metadata", metadata(predictor, runtime), "spec", completed(mounted));
    }

    /** With the placeholders of runtimes filled. */
    Json.Obj filled(Workload workload, Json.Obj template) {
        return workload instanceof Workload.Model model
                        && placeholders(model).fill(template) instanceof Json.Obj full
                ? full
                : template;
    }

    /** The part of a predictor that shapes its pods. */
    static Json.Obj ofPods(Json.Obj predictor) {
        var pod = predictor;
        for (var name : STEERING) {
            pod = SHAPING.contains(name) ? pod : pod.without(name);
        }
        return pod;
    }

    private static Json.Obj authorsPod(Json.Obj predictor) {
        var pod = new LinkedHashMap<String, Json>();
        predictor
                .fields()
                .forEach((name, value) -> {
                    if (!STEERING.contains(name) && !name.equals("containers")) {
                        pod.put(name, value);
                    }
                });
        return new Json.Obj(pod);
    }

    private Json.Obj runtimesPod(RuntimeTree runtime) {
        var pod = new LinkedHashMap<String, Json>();
        for (var name : RUNTIME_POD) {
            runtime.spec().at(name).ifPresent(value -> pod.put(name, value));
        }
        return new Json.Obj(pod);
    }

    /** The runtime's containers, the model's fields over the main one, the author's over all. */
    private List<Json> modelContainers(
            Workload.Model model, Json.Obj predictor, Optional<RuntimeTree> runtime)
            throws Unrenderable {
        var given = runtime.map(r -> r.spec().list("containers")).orElse(List.of());
        var main = Json.Obj.of("name", Names.CONTAINER);
        var others = new ArrayList<Json>();
        for (var container : given) {
            if (isMain(container, given)) {
                main = (Json.Obj) container;
            } else {
                others.add(container);
            }
        }
        var fragment = predictor.object("model");
        for (var name : MODEL) {
            fragment = fragment.without(name);
        }
        var versioned = versioned(main, predictor.object("model"));
        var merged = Merge.objects(versioned, fragment).with("name", Json.of(Names.CONTAINER));
        if (merged.text("image").isEmpty()) {
            throw new Unrenderable(
                    Reason.INVALID_PREDICTOR_SPEC,
                    "runtime %s has no container named %s with an image"
                            .formatted(
                                    runtime.map(RuntimeTree::name).orElse("(none)"),
                                    Names.CONTAINER));
        }
        var all = new ArrayList<Json>();
        all.add(merged);
        all.addAll(others);
        var over = Json.Obj.of("containers", predictor.list("containers"));
        var together = Merge.objects(Json.Obj.of("containers", all), over).list("containers");
        var placeholders = placeholders(model);
        return together.stream().map(placeholders::fill).toList();
    }

    private static boolean isMain(Json container, List<Json> all) {
        return container instanceof Json.Obj
                && (all.size() == 1
                        || container.text("name").filter(Names.CONTAINER::equals).isPresent());
    }

    private static Json.Obj versioned(Json.Obj container, Json.Obj model) {
        var wanted = model.text("runtimeVersion");
        var image = container.text("image");
        if (wanted.isEmpty() || image.isEmpty() || model.has("image")) {
            return container;
        }
        return container.with("image", Json.of(repository(image.get()) + ":" + wanted.get()));
    }

    /** An image without its tag or digest; a colon before a slash belongs to a port. */
    static String repository(String image) {
        var at = image.indexOf('@');
        var named = at < 0 ? image : image.substring(0, at);
        var colon = named.lastIndexOf(':');
        return colon > named.lastIndexOf('/') ? named.substring(0, colon) : named;
    }

    /** Whether a container runs the server that comes with Marea, under whatever registry. */
    static boolean isOurServer(Json container) {
        var repository = repository(container.text("image").orElse(""));
        return repository.substring(repository.lastIndexOf('/') + 1).equals(ShippedRuntimes.IMAGE);
    }

    private Placeholders placeholders(Workload.Model model) {
        // KServe's defaulter writes this annotation into the manifest; we leave manifests alone.
        var annotations = new LinkedHashMap<>(subject.annotations());
        annotations.putIfAbsent("modelFormat", model.format().name());
        return new Placeholders(subject.name(), subject.namespace(), subject.labels(), annotations);
    }

    /** A container of the author's own may ask for a model by the variable STORAGE_URI. */
    private static Optional<String> storageUri(Workload workload, List<Json> containers) {
        return switch (workload) {
            case Workload.Model model -> model.storageUri();
            case Workload.Custom() ->
                    containers.stream()
                            .flatMap(c -> c.list("env").stream())
                            .filter(e -> e.text("name").filter("STORAGE_URI"::equals).isPresent())
                            .flatMap(e -> e.text("value").stream())
                            .findFirst();
        };
    }

    /** Whether the models are those that TrainedModels name; a server of one's own says so. */
    private static boolean shared(
            Workload workload, List<Json> containers, Optional<RuntimeTree> runtime) {
        return switch (workload) {
            case Workload.Model _ -> runtime.filter(r -> r.spec().flag("multiModel")).isPresent();
            case Workload.Custom() ->
                    containers.getFirst().list("env").stream()
                            .filter(e -> e.text("name").filter(Names.SHARED::equals).isPresent())
                            .anyMatch(e -> e.text("value").filter("true"::equals).isPresent());
        };
    }

    private SharedRepository repository() {
        return new SharedRepository(subject.name(), readOnly(), settings.marea());
    }

    private boolean readOnly() {
        return !"false".equals(subject.annotations().get(Names.STORAGE_READONLY));
    }

    private Optional<ModelMount> mount(Workload workload, Json.Obj predictor, List<Json> containers)
            throws Unrenderable {
        var artefacts = StorageUri.all(predictor);
        if (artefacts.isEmpty()) {
            artefacts =
                    storageUri(workload, containers).stream()
                            .map(uri -> new StorageUri(uri, Names.MODEL_DIRECTORY))
                            .toList();
        }
        if (artefacts.isEmpty()) {
            return Optional.empty();
        }
        var making =
                new ModelMount.Making(
                        readOnly(),
                        settings.onCluster(),
                        settings.marea(),
                        this.containers,
                        predictor.text("storageContainerName"));
        return Optional.of(making.of(artefacts));
    }

    private static Json.Obj mounted(Json.Obj pod, List<Json> containers, ModelMount model) {
        var mounted = new ArrayList<Json>();
        for (int i = 0; i < containers.size(); i++) {
            mounted.add(i == 0 ? withMounts(containers.get(i), model.mounts()) : containers.get(i));
        }
        var added = Json.Obj.of("volumes", model.volumes());
        var fetching =
                model.steps().isEmpty()
                        ? added
                        : added.with("initContainers", Json.of(model.steps()));
        return Merge.objects(fetching, pod).with("containers", new Json.Arr(mounted));
    }

    private static Json withMounts(Json container, List<Json.Obj> mounts) {
        return container instanceof Json.Obj main
                ? Merge.objects(Json.Obj.of("volumeMounts", mounts), main)
                : container;
    }

    private Json.Obj completed(Json.Obj pod) {
        var containers = new ArrayList<Json>();
        for (var container : pod.list("containers")) {
            containers.add(
                    container instanceof Json.Obj c && containers.isEmpty() ? main(c) : container);
        }
        return pod.with("containers", new Json.Arr(containers));
    }

    /** The main container has a name, a port, a readiness probe and tells why it ended. */
    private static Json.Obj main(Json.Obj container) {
        var named =
                container.has("name")
                        ? container
                        : container.with("name", Json.of(Names.CONTAINER));
        var ported =
                named.list("ports").isEmpty()
                        ? named.with(
                                "ports",
                                Json.of(
                                        List.of(
                                                Json.Obj.of(
                                                        "containerPort",
                                                        Names.DEFAULT_PORT,
                                                        "protocol",
                                                        "TCP"))))
                        : named;
        var probed =
                ported.has("readinessProbe")
                        ? ported
                        : ported.with(
                                "readinessProbe",
                                Json.Obj.of(
                                        "tcpSocket",
                                        Json.Obj.of("port", port(ported)),
                                        "periodSeconds",
                                        1));
        return probed.has("terminationMessagePolicy")
                ? probed
                : probed.with("terminationMessagePolicy", Json.of("FallbackToLogsOnError"));
    }

    /** The first port: the one that takes HTTP requests. */
    static int port(Json container) {
        return container.list("ports").stream()
                .flatMap(p -> p.integer("containerPort").stream().boxed())
                .findFirst()
                .map(Long::intValue)
                .orElse(Names.DEFAULT_PORT);
    }

    /**
     * Whether that port is named so that only HTTP/2 is spoken there; KServe looks for the same.
     */
    static boolean speaksHttp2(Json template) {
        return template.object("spec").list("containers").stream()
                .limit(1)
                .flatMap(container -> container.list("ports").stream().limit(1))
                .flatMap(port -> port.text("name").stream())
                .anyMatch(name -> name.contains("h2c") || name.contains("grpc"));
    }

    /** Labels and annotations: the component's win over the service's, those over the runtime's. */
    private Json.Obj metadata(Json.Obj predictor, Optional<RuntimeTree> runtime) {
        var labels = new LinkedHashMap<String, String>();
        var annotations = new LinkedHashMap<String, String>();
        runtime.ifPresent(r -> {
            labels.putAll(Subject.texts(r.spec().object("labels")));
            annotations.putAll(Subject.texts(r.spec().object("annotations")));
        });
        describing(subject.labels(), labels);
        describing(subject.annotations(), annotations);
        labels.putAll(Subject.texts(predictor.object("labels")));
        annotations.putAll(Subject.texts(predictor.object("annotations")));
        labels.putAll(labels());
        return Json.Obj.of(
                "labels",
                new java.util.TreeMap<>(labels),
                "annotations",
                new java.util.TreeMap<>(annotations));
    }

    private static void describing(Map<String, String> from, Map<String, String> into) {
        from.forEach((key, value) -> {
            if (Names.describesPods().test(key)) {
                into.put(key, value);
            }
        });
    }

    private Map<String, String> labels() {
        return Map.of(
                Names.SERVICE_LABEL,
                subject.name(),
                Names.APP_LABEL,
                Names.app(subject.name()),
                Names.COMPONENT_LABEL,
                "predictor");
    }
}
