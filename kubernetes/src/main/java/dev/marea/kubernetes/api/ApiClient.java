package dev.marea.kubernetes.api;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.time.Duration;

/** The connection that everything in an operator shares. */
public final class ApiClient {
    /** Doubled five times at most: after a long absence the API is asked every eight seconds. */
    private static final Duration RECONNECT_FIRST = Duration.ofMillis(250);

    private ApiClient() {}

    public static KubernetesClient open(Config config) {
        return new KubernetesClientBuilder()
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("plain-watches", new PlainWatches()))
                .withKubernetesSerialization(new Untyped())
                .withConfig(adapted(config))
                .build();
    }

    /**
     * Starts an informer of ours and returns when all is listed. It fails if it cannot begin; once
     * it has begun it lists anew whatever its watch meets, which by itself it would not.
     */
    public static <T extends HasMetadata> SharedIndexInformer<T> follow(
            SharedIndexInformer<T> informer, ResourceEventHandler<T> ear) {
        informer.exceptionHandler((started, _) -> started).addEventHandler(ear);
        return informer.run();
    }

    private static Config adapted(Config config) {
        return new ConfigBuilder(config)
                // Watches over plain HTTP: every API server has them, and they cost no upgrade.
                .withOnlyHttpWatches(true)
                .withWatchReconnectInterval((int) RECONNECT_FIRST.toMillis())
                // Who asks tries again, and knows whether it still may: a write that the library
                // repeats behind our back would outlive its deadline, and our being the leader.
                .withRequestRetryBackoffLimit(0)
                .build();
    }
}
