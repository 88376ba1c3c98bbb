package dev.marea.check.control;

import dev.marea.wire.json.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When each service was seen to be Ready for which generation. */
final class ServiceTimes implements AutoCloseable {
    private final Map<String, Long> ready = new ConcurrentHashMap<>();
    private final Map<String, Seen> observed = new ConcurrentHashMap<>();
    private final Watch watch;

    /** The generation that a status speaks of, and when it did so first. */
    record Seen(long generation, long nanos) {}

    ServiceTimes(BenchApi api, String namespace) {
        var kind =
                new ResourceDefinitionContext.Builder()
                        .withGroup("serving.kserve.io")
                        .withVersion("v1beta1")
                        .withKind("InferenceService")
                        .withPlural("inferenceservices")
                        .withNamespaced(true)
                        .build();
        watch =
                api.client()
                        .genericKubernetesResources(kind)
                        .inNamespace(namespace)
                        .watch(new Services());
    }

    private final class Services implements Watcher<GenericKubernetesResource> {
        @Override
        public void eventReceived(Action action, GenericKubernetesResource service) {
            long now = System.nanoTime();
            var name = service.getMetadata().getName();
            var status = Json.of(service.getAdditionalProperties().get("status"));
            long generation = status.integer("observedGeneration").orElse(0);
            observed.merge(
                    name,
                    new Seen(generation, now),
                    (was, is) -> was.generation() >= is.generation() ? was : is);
            if (isReady(status)) {
                ready.putIfAbsent(name, now);
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException("the watch of services ended", cause);
        }
    }

    private static boolean isReady(Json status) {
        return status.list("conditions").stream()
                .anyMatch(c ->
                        c.text("type").orElse("").equals("Ready")
                                && c.text("status").orElse("").equals("True"));
    }

    int ready() {
        return ready.size();
    }

    boolean isReady(String service) {
        return ready.containsKey(service);
    }

    /** In System.nanoTime. */
    long readyAt(String service) {
        return ready.getOrDefault(service, Long.MAX_VALUE);
    }

    Seen observed(String service) {
        return observed.getOrDefault(service, new Seen(0, Long.MAX_VALUE));
    }

    @Override
    public void close() {
        watch.close();
    }
}
