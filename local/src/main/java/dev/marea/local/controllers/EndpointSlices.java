package dev.marea.local.controllers;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.objects.Selector;
import dev.marea.local.work.Follow;
import dev.marea.local.work.WorkQueue;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says which addresses and ports stand behind each Service with a selector. As on a cluster, one
 * slice holds the endpoints whose ports have the same numbers. On one machine every pod has ports
 * of its own (its {@code marea.dev/ports}), so a slice is most often one pod, and who reads address
 * and port from the slice reaches the right process.
 */
final class EndpointSlices implements Controller {
    private static final int PARALLEL = 4;
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

    private final Tools tools;
    private final WorkQueue<Key> queue;
    private final Map<Key, Map<String, String>> labelsSeen = new ConcurrentHashMap<>();
    private final List<Follow> follows = new ArrayList<>();

    EndpointSlices(Tools tools) {
        this.tools = tools;
        this.queue = new WorkQueue<>("endpointslices", PARALLEL, tools.time(), this::look);
    }

    @Override
    public void start() {
        follows.add(
                Follow.all(tools.objects(), Resource.SERVICE, change -> queue.add(change.key())));
        follows.add(Follow.all(tools.objects(), Resource.POD, this::podChanged));
        follows.add(Follow.all(tools.objects(), Resource.ENDPOINT_SLICE, this::sliceChanged));
    }

    private void podChanged(Change change) {
        var pod = new Meta(change.object());
        var now = pod.labels();
        var before =
                change.type() == Change.Type.DELETED
                        ? labelsSeen.remove(change.key())
                        : labelsSeen.put(change.key(), now);
        for (var service : tools.objects().list(Resource.SERVICE, pod.namespace()).items()) {
            var selector = selector(service);
            if (selector.matches(now) || (before != null && selector.matches(before))) {
                queue.add(new Meta(service).key(Resource.SERVICE));
            }
        }
    }

    private void sliceChanged(Change change) {
        if (change.type() == Change.Type.DELETED) {
            var slice = new Meta(change.object());
            var service = slice.labels().get(SERVICE_NAME);
            if (service != null) {
                queue.add(new Key(Resource.SERVICE, slice.namespace(), service));
            }
        }
    }

    private static Selector selector(Json.Obj service) {
        return new Selector(Meta.strings(service.object("spec", "selector")), List.of());
    }

    private Optional<Duration> look(Key key) throws Refusal {
        var service = tools.objects().get(key);
        if (service.isEmpty() || new Meta(service.get()).deleting()) {
            return Optional.empty(); // its slices go with it, by their owner
        }
        addressed(service.get());
        if (service.get().object("spec", "selector").isEmpty()
                || service.get().text("spec", "type").orElse("").equals("ExternalName")) {
            return Optional.empty();
        }
        var wanted = wanted(service.get());
        for (var slice : present(key)) {
            var next = wanted.remove(new Meta(slice).name());
            if (next == null) {
                delete(slice);
            } else {
                replace(slice, next);
            }
        }
        for (var slice : wanted.values()) {
            tools.objects().create(slice, Tools.MANAGER);
        }
        return Optional.empty();
    }

    /** Every address of this machine is loopback; no port of a Service listens on it. */
    private void addressed(Json.Obj service) throws Refusal {
        if (service.text("spec", "clusterIP").isEmpty()
                && !service.text("spec", "type").orElse("").equals("ExternalName")) {
            var meta = new Meta(service);
            var _ =
                    tools.edit()
                            .object(
                                    meta.key(Resource.SERVICE),
                                    meta.uid(),
                                    now ->
                                            now.withAt(
                                                            List.of("spec", "clusterIP"),
                                                            Json.of("127.0.0.1"))
                                                    .withAt(
                                                            List.of("spec", "clusterIPs"),
                                                            Json.of(List.of("127.0.0.1"))));
        }
    }

    private List<Json.Obj> present(Key service) {
        return tools.objects().list(Resource.ENDPOINT_SLICE, service.namespace()).items().stream()
                .filter(slice -> {
                    var labels = new Meta(slice).labels();
                    return service.name().equals(labels.get(SERVICE_NAME))
                            && Tools.MANAGER.equals(labels.get(MANAGED_BY));
                })
                .toList();
    }

    private void delete(Json.Obj slice) throws Refusal {
        try {
            tools.objects().delete(new Meta(slice).key(Resource.ENDPOINT_SLICE), Tools.MANAGER);
        } catch (Refusal refused) {
            if (!refused.notFound()) {
                throw refused;
            }
        }
    }

    private void replace(Json.Obj slice, Json.Obj next) throws Refusal {
        var meta = new Meta(slice);
        var _ =
                tools.edit()
                        .object(
                                meta.key(Resource.ENDPOINT_SLICE),
                                meta.uid(),
                                now ->
                                        now.with("endpoints", next.at("endpoints").orElseThrow())
                                                .with("ports", next.at("ports").orElseThrow())
                                                .withAt(
                                                        List.of("metadata", "ownerReferences"),
                                                        Json.of(
                                                                next.list(
                                                                        "metadata",
                                                                        "ownerReferences"))));
    }

    // ---- what should be there

    private Map<String, Json.Obj> wanted(Json.Obj service) {
        var meta = new Meta(service);
        var selector = selector(service);
        var byPorts = new HashMap<List<Json>, List<Json>>();
        for (var pod : Pods.in(tools.objects(), meta.namespace())) {
            if (selector.matches(new Meta(pod).labels())
                    && !Pods.finished(pod)
                    && pod.text("status", "podIP").isPresent()) {
                byPorts.computeIfAbsent(Endpoints.ports(service, pod), _ -> new ArrayList<>())
                        .add(Endpoints.endpoint(service, pod));
            }
        }
        var wanted = new HashMap<String, Json.Obj>();
        byPorts.forEach((ports, endpoints) -> {
            var slice = slice(meta, ports, endpoints);
            wanted.put(new Meta(slice).name(), slice);
        });
        return wanted;
    }

    private static Json.Obj slice(Meta service, List<Json> ports, List<Json> endpoints) {
        return Json.Obj.of(
                "apiVersion",
                Resource.ENDPOINT_SLICE.apiVersion(),
                "kind",
                Resource.ENDPOINT_SLICE.kind(),
                "metadata",
                Json.Obj.of(
                        "name", service.name() + "-" + Hash.of(ports.toString()),
                        "namespace", service.namespace(),
                        "labels", labels(service),
                        "ownerReferences", List.of(service.controls(Resource.SERVICE))),
                "addressType",
                "IPv4",
                "endpoints",
                endpoints,
                "ports",
                ports);
    }

    private static Json.Obj labels(Meta service) {
        var labels = service.object().object("metadata", "labels");
        return labels.with(SERVICE_NAME, Json.of(service.name()))
                .with(MANAGED_BY, Json.of(Tools.MANAGER));
    }

    @Override
    public void close() {
        follows.forEach(Follow::close);
        queue.close();
    }
}
