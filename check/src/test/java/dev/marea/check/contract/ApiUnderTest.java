package dev.marea.check.contract;

import dev.marea.kubernetes.client.Kubeconfigs;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.kserve.Crds;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The API that the suite judges, with a namespace of its own in it: the cluster of the system
 * property {@code marea.kubeconfig}, or a fresh one in this process behind its real HTTPS door.
 */
public final class ApiUnderTest implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DELETE_OPTIONS =
            "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\"}";
    private static final SecureRandom CHANCE = new SecureRandom();

    private final Path kubeconfig;
    private final Optional<InProcessApi> own;
    private final KubernetesClient client;
    private final String namespace;

    private ApiUnderTest(Path kubeconfig, Optional<InProcessApi> own) {
        this.kubeconfig = kubeconfig;
        this.own = own;
        this.client = client(Kubeconfigs.read(kubeconfig));
        this.namespace = makeNamespace();
    }

    public static ApiUnderTest open() {
        var given = System.getProperty("marea.kubeconfig", "");
        if (!given.isEmpty()) {
            return new ApiUnderTest(Path.of(given), Optional.empty());
        }
        var own = InProcessApi.open();
        return new ApiUnderTest(own.kubeconfig(), Optional.of(own));
    }

    private static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder()
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withConfig(config)
                .build();
    }

    public KubernetesClient client() {
        return client;
    }

    /** A cluster that is not ours does not know our kinds yet. */
    public ApiUnderTest withOurKinds() {
        for (var crd : Crds.all()) {
            var plural = crd.text("spec", "names", "plural").orElseThrow();
            var group = crd.text("spec", "group").orElseThrow();
            var version = crd.list("spec", "versions").getFirst().text("name").orElseThrow();
            var path = "/apis/" + group + "/" + version + "/" + plural;
            if (get(path).status() != 200) {
                define(crd);
                await(plural + " are served", () -> get(path).status() == 200);
            }
        }
        return this;
    }

    private void define(Json.Obj crd) {
        var answer =
                ask(
                        "POST",
                        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                        "application/json",
                        "application/json",
                        new String(JsonWriter.bytes(crd), StandardCharsets.UTF_8));
        // 409: another suite was faster
        if (answer.status() != 201 && answer.status() != 409) {
            throw new AssertionError(answer.text());
        }
    }

    /** A second client, whose connections all pass through the cable. */
    KubernetesClient clientThrough(Cable cable) {
        var config = Kubeconfigs.read(kubeconfig);
        return client(
                new ConfigBuilder(config)
                        .withHttpsProxy("http://127.0.0.1:" + cable.port())
                        .withNoProxy()
                        .withWatchReconnectInterval(50)
                        .build());
    }

    public String namespace() {
        return namespace;
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    /** One more namespace, for a test that ends it. */
    String makeNamespace() {
        var name = "marea-contract-" + Integer.toHexString(CHANCE.nextInt() | 0x1000_0000);
        client.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                .create();
        return name;
    }

    /** Whether it is our own, behind whose controllers no node is missed. */
    public boolean isOurs() {
        return own.isPresent();
    }

    /** True of a cluster so young that it may still know all that ever happened. */
    boolean mayRememberAll() {
        return own.isEmpty();
    }

    /** The first of all versions, whose changes since are no longer kept. */
    String forgottenVersion() {
        own.ifPresent(InProcessApi::outliveItsWindow);
        return "1";
    }

    ConfigMap make(String name, Map<String, String> labels, Map<String, String> data) {
        return client.resource(map(name, labels, data)).create();
    }

    /** In the suite's namespace; not yet made. */
    ConfigMap map(String name, Map<String, String> labels, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .withData(data)
                .build();
    }

    /** What the wire said, for the things that typed clients do not show. */
    public record Answer(int status, String text, Map<String, List<String>> headers) {
        public Json.Obj json() {
            try {
                return (Json.Obj) JsonReader.read(text);
            } catch (MalformedJson broken) {
                throw new AssertionError("no JSON: " + text, broken);
            }
        }

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> String.join("; ", header.getValue()))
                    .findFirst()
                    .orElse("");
        }
    }

    public Answer get(String path) {
        return ask("GET", path, "application/json", "", "");
    }

    /** An empty body is none; a DELETE always has its options, or fabric8's client sends a GET. */
    public Answer ask(String method, String path, String accept, String contentType, String body) {
        var http = client.getHttpClient();
        var sent = body.isEmpty() && method.equals("DELETE") ? DELETE_OPTIONS : body;
        var request =
                http.newHttpRequestBuilder()
                        .uri(client.getMasterUrl().toString().replaceAll("/$", "") + path)
                        .header("Accept", accept)
                        .method(
                                method,
                                contentType.isEmpty() ? "application/json" : contentType,
                                sent.isEmpty() ? null : sent)
                        .build();
        try {
            var answer =
                    http.sendAsync(request, String.class)
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return new Answer(
                    answer.code(), Optional.ofNullable(answer.body()).orElse(""), answer.headers());
        } catch (ExecutionException | TimeoutException failed) {
            throw new AssertionError(method + " " + path, failed);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            throw new AssertionError(method + " " + path, cut);
        }
    }

    String mapsPath() {
        return "/api/v1/namespaces/" + namespace + "/configmaps";
    }

    String deploymentsPath() {
        return "/apis/apps/v1/namespaces/" + namespace + "/deployments";
    }

    /** Until the condition holds, with a deadline. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        try (client) {
            if (own.isEmpty()) {
                client.namespaces().withName(namespace).delete();
            }
        } finally {
            own.ifPresent(InProcessApi::close);
        }
    }

    /** The kubeconfig's file could not be read, or the door not opened. */
    static AssertionError unusable(IOException failed) {
        return new AssertionError("the API under test does not open", failed);
    }
}
