package dev.marea.check.control;

import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Controllers and kubelets in one, as cheap as they can be: a Deployment gets a pod that seems to
 * run, a slice that lists it, and the status that says so. Four requests for each; real ones take
 * some fifteen.
 */
final class PretendFleet implements AutoCloseable {
    private static final String REVISION = "marea.dev/revision";
    private static final String SERVICE = "serving.kserve.io/inferenceservice";
    private static final int HANDS = 16;

    private final BenchApi api;
    private final String namespace;
    private final Map<String, Integer> given = new ConcurrentHashMap<>();
    private final AtomicInteger made = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore hands = new Semaphore(HANDS);
    private final Watch watch;

    PretendFleet(BenchApi api, String namespace) {
        this.api = api;
        this.namespace = namespace;
        this.watch =
                api.client().apps().deployments().inNamespace(namespace).watch(new Deployments());
    }

    int made() {
        return made.get();
    }

    private final class Deployments implements Watcher<Deployment> {
        @Override
        public void eventReceived(Action action, Deployment deployment) {
            var name = deployment.getMetadata().getName();
            int wanted = deployment.getSpec().getReplicas();
            if (action == Action.DELETED || given.getOrDefault(name, -1) == wanted) {
                return;
            }
            given.put(name, wanted);
            var labels = deployment.getSpec().getTemplate().getMetadata().getLabels();
            var spec =
                    (Json.Obj)
                            Json.of(
                                    api.client()
                                            .getKubernetesSerialization()
                                            .convertValue(
                                                    deployment.getSpec().getTemplate().getSpec(),
                                                    Map.class));
            long generation = deployment.getMetadata().getGeneration();
            var _ = threads.submit(() -> run(name, labels, spec, generation, wanted));
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException("the watch of Deployments ended", cause);
        }
    }

    private void run(
            String name, Map<String, String> labels, Json.Obj spec, long generation, int wanted) {
        hands.acquireUninterruptibly();
        try {
            if (wanted > 0) {
                pod(name, labels, spec);
                slice(name, labels);
            } else {
                gone("/api/v1/namespaces/%s/pods/%s-0".formatted(namespace, name));
                gone(slices() + "/" + name + "-s");
            }
            status(name, generation, wanted);
            made.incrementAndGet();
        } catch (RuntimeException failed) {
            System.err.println("the pretended node failed at " + name + ": " + failed);
        } finally {
            hands.release();
        }
    }

    private void pod(String name, Map<String, String> labels, Json.Obj spec) {
        var pods = "/api/v1/namespaces/" + namespace + "/pods";
        var pod =
                Json.Obj.of(
                        "metadata",
                        Json.Obj.of("name", name + "-0", "labels", labels),
                        "spec",
                        spec.with("nodeName", Json.of("pretend")));
        api.create(pods, pod);
        api.merge(pods + "/" + name + "-0/status", running());
    }

    /** The status of a pod whose container is ready. */
    static Json.Obj running() {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        var ready = Json.Obj.of("type", "Ready", "status", "True", "lastTransitionTime", now);
        var container =
                Json.Obj.of(
                        "name", "kserve-container",
                        "image", "x",
                        "imageID", "",
                        "ready", true,
                        "restartCount", 0);
        return Json.Obj.of(
                "status",
                Json.Obj.of(
                        "phase",
                        "Running",
                        "podIP",
                        "10.99.0.1",
                        "podIPs",
                        List.of(Json.Obj.of("ip", "10.99.0.1")),
                        "conditions",
                        List.of(ready),
                        "containerStatuses",
                        List.of(container)));
    }

    /** As the slice controller writes it: the labels of the Service, the pod as its target. */
    private void slice(String name, Map<String, String> labels) {
        var all =
                Json.Obj.of(
                        "kubernetes.io/service-name",
                        name,
                        REVISION,
                        labels.getOrDefault(REVISION, name),
                        SERVICE,
                        labels.getOrDefault(SERVICE, name));
        api.create(
                slices(),
                Json.Obj.of(
                        "metadata",
                        Json.Obj.of("name", name + "-s", "labels", all),
                        "addressType",
                        "IPv4",
                        "ports",
                        List.of(Json.Obj.of("name", "http", "port", 8080)),
                        "endpoints",
                        List.of(
                                Json.Obj.of(
                                        "addresses",
                                        List.of("10.99.0.1"),
                                        "conditions",
                                        Json.Obj.of("ready", true),
                                        "targetRef",
                                        Json.Obj.of("kind", "Pod", "name", name + "-0")))));
    }

    private String slices() {
        return "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
    }

    private void gone(String path) {
        var _ = api.ask("DELETE", path, "application/json", Json.Obj.of("gracePeriodSeconds", 0));
    }

    private void status(String name, long generation, int replicas) {
        api.merge(
                "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + name + "/status",
                Json.Obj.of(
                        "status",
                        Json.Obj.of(
                                "observedGeneration", generation,
                                "replicas", replicas,
                                "readyReplicas", replicas,
                                "availableReplicas", replicas,
                                "updatedReplicas", replicas)));
    }

    @Override
    public void close() {
        watch.close();
        threads.shutdown();
    }
}
