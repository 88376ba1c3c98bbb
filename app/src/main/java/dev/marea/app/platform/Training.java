package dev.marea.app.platform;

import dev.marea.app.home.Home;
import dev.marea.app.home.Settings;
import dev.marea.kubernetes.client.KubeconfigCluster;
import dev.marea.kubernetes.client.ResourcePath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * One run through everything, on a home of its own: the JVM that does it, and the model server that
 * it starts, write AOT caches of the classes that they met.
 */
public final class Training {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int REQUESTS = 200;

    private Training() {}

    public static void run(Home home, Settings settings) throws Exception {
        var cache = Distribution.own().serverCache();
        try (var platform = Platform.start(home, settings, List.of("-XX:AOTCacheOutput=" + cache));
                var cluster = KubeconfigCluster.open(home.kubeconfig());
                var client = HttpClient.newHttpClient()) {
            var names = Samples.apply(cluster, home, _ -> {});
            for (var name : names) {
                awaitReady(cluster, name);
                for (int i = 0; i < REQUESTS; i++) {
                    predict(client, platform, name);
                }
            }
            for (var name : names) {
                cluster.delete(ResourcePath.INFERENCE_SERVICE, Samples.NAMESPACE, name);
            }
        }
    }

    private static void awaitReady(KubeconfigCluster cluster, String name) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!ready(cluster, name)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "the sample "
                                + name
                                + " is not ready after "
                                + LIMIT.toSeconds()
                                + " s: "
                                + cluster.get(
                                                ResourcePath.INFERENCE_SERVICE,
                                                Samples.NAMESPACE,
                                                name)
                                        .map(Object::toString)
                                        .orElse("gone"));
            }
            Thread.sleep(Duration.ofMillis(50));
        }
    }

    private static boolean ready(KubeconfigCluster cluster, String name) throws IOException {
        return cluster.get(ResourcePath.INFERENCE_SERVICE, Samples.NAMESPACE, name).stream()
                .flatMap(s -> s.list("status", "conditions").stream())
                .anyMatch(c ->
                        c.text("type").orElse("").equals("Ready")
                                && c.text("status").orElse("").equals("True"));
    }

    private static void predict(HttpClient client, Platform platform, String name)
            throws Exception {
        var target =
                URI.create(
                        platform.gatewayUrl()
                                + "/serving/"
                                + Samples.NAMESPACE
                                + "/"
                                + name
                                + Samples.path(name));
        var request =
                HttpRequest.newBuilder(target)
                        .timeout(LIMIT)
                        .POST(HttpRequest.BodyPublishers.ofString(Samples.request(name)))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "the sample "
                            + name
                            + " answered "
                            + answer.statusCode()
                            + " "
                            + answer.body());
        }
    }
}
