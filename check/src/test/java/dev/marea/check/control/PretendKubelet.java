package dev.marea.check.control;

import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Only the kubelet's part of {@link PretendFleet}: the real controllers do the rest. */
final class PretendKubelet implements AutoCloseable {
    private final BenchApi api;
    private final String namespace;
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Set<String> available = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads =
            Executors.newFixedThreadPool(16, Thread.ofVirtual().factory());
    private final List<Watch> watches;

    PretendKubelet(BenchApi api, String namespace) {
        this.api = api;
        this.namespace = namespace;
        var client = api.client();
        this.watches =
                List.of(
                        client.pods().inNamespace(namespace).watch(new Pods()),
                        client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .watch(new Deployments()));
    }

    int available() {
        return available.size();
    }

    private final class Pods implements Watcher<Pod> {
        @Override
        public void eventReceived(Action action, Pod pod) {
            var name = pod.getMetadata().getName();
            if (action == Action.ADDED && started.add(name)) {
                var _ = threads.submit(() -> start(name));
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException("the watch of pods ended", cause);
        }
    }

    private final class Deployments implements Watcher<Deployment> {
        @Override
        public void eventReceived(Action action, Deployment deployment) {
            var status = deployment.getStatus();
            if (status != null
                    && status.getAvailableReplicas() != null
                    && status.getAvailableReplicas() > 0) {
                available.add(deployment.getMetadata().getName());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException("the watch of Deployments ended", cause);
        }
    }

    private void start(String name) {
        var path = "/api/v1/namespaces/" + namespace + "/pods/" + name;
        var binding =
                Json.Obj.of(
                        "metadata",
                        Json.Obj.of("name", name),
                        "target",
                        Json.Obj.of("apiVersion", "v1", "kind", "Node", "name", "pretend"));
        var _ = api.create(path + "/binding", binding);
        var _ = api.merge(path + "/status", PretendFleet.running());
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
        threads.shutdown();
    }
}
