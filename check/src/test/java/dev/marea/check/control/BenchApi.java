package dev.marea.check.control;

import dev.marea.kubernetes.client.Kubeconfigs;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.kserve.Crds;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The API that the benchmark writes to, by bare requests. */
final class BenchApi implements AutoCloseable {
    static final String MERGE = "application/merge-patch+json";
    private static final String JSON = "application/json";
    private static final int DEADLINE_SECONDS = 60;

    private final KubernetesClient client;
    private final String root;

    record Answer(int code, Json.Obj tree) {
        boolean ok() {
            return code < 300;
        }
    }

    BenchApi(Path kubeconfig) {
        this.client =
                new KubernetesClientBuilder()
                        .withHttpClientFactory(new JdkHttpClientFactory())
                        .withConfig(Kubeconfigs.read(kubeconfig))
                        .build();
        this.root = client.getMasterUrl().toString().replaceAll("/$", "");
    }

    KubernetesClient client() {
        return client;
    }

    Answer ask(String method, String path, String type, Json.Obj body) {
        var http = client.getHttpClient();
        var text =
                method.equals("GET")
                        ? null
                        : new String(JsonWriter.bytes(body), StandardCharsets.UTF_8);
        var request =
                http.newHttpRequestBuilder()
                        .uri(root + path)
                        .timeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .header("Accept", JSON)
                        .method(method, type, text)
                        .build();
        try {
            var answer =
                    http.sendAsync(request, byte[].class).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            return new Answer(answer.code(), (Json.Obj) JsonReader.read(answer.body()));
        } catch (ExecutionException | TimeoutException | MalformedJson failed) {
            throw new IllegalStateException(method + " " + path, failed);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + path, cut);
        }
    }

    Json.Obj get(String path) {
        return must("GET", path, JSON, Json.Obj.EMPTY);
    }

    Json.Obj create(String path, Json.Obj body) {
        return must("POST", path, JSON, body);
    }

    Json.Obj merge(String path, Json.Obj patch) {
        return must("PATCH", path, MERGE, patch);
    }

    private Json.Obj must(String method, String path, String type, Json.Obj body) {
        var answer = ask(method, path, type, body);
        if (!answer.ok()) {
            throw new IllegalStateException(
                    "%s %s: %d %s".formatted(method, path, answer.code(), answer.tree()));
        }
        return answer.tree();
    }

    /** Our kinds, and a namespace in which pods may be made though no controller runs. */
    void prepare(String namespace) throws InterruptedException {
        for (var crd : Crds.all()) {
            var name = crd.text("metadata", "name").orElseThrow();
            var path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
            if (!ask("GET", path + "/" + name, JSON, Json.Obj.EMPTY).ok()) {
                create(path, crd);
            }
            Await.until(
                    name + " is served",
                    60,
                    () ->
                            get(path + "/" + name).list("status", "conditions").stream()
                                    .anyMatch(c ->
                                            c.text("type").orElse("").equals("Established")
                                                    && c.text("status").orElse("").equals("True")));
        }
        for (var plural : List.of("inferenceservices", "trainedmodels", "clusterservingruntimes")) {
            var version = plural.equals("inferenceservices") ? "v1beta1" : "v1alpha1";
            var path = "/apis/serving.kserve.io/" + version + "/" + plural;
            Await.until(
                    plural + " are stored", 60, () -> ask("GET", path, JSON, Json.Obj.EMPTY).ok());
        }
        create("/api/v1/namespaces", named(Json.Obj.EMPTY, namespace));
        ask(
                "POST",
                "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                JSON,
                named(Json.Obj.EMPTY, "default"));
    }

    /** All of one kind in a namespace; nobody who would collect what depends on them runs. */
    void deleteAll(String collection) {
        var options = Json.Obj.of("propagationPolicy", "Background", "gracePeriodSeconds", 0);
        must("DELETE", collection, JSON, options);
    }

    /** A user of its own, by whose name the audit log tells the operator's calls. */
    String tokenOf(String namespace, String account) {
        create(
                "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                named(Json.Obj.EMPTY, account));
        var subject =
                Json.Obj.of("kind", "ServiceAccount", "name", account, "namespace", namespace);
        var role =
                Json.Obj.of(
                        "apiGroup", "rbac.authorization.k8s.io",
                        "kind", "ClusterRole",
                        "name", "cluster-admin");
        create(
                "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                named(Json.Obj.of("roleRef", role, "subjects", List.of(subject)), namespace));
        return create(
                        "/api/v1/namespaces/%s/serviceaccounts/%s/token"
                                .formatted(namespace, account),
                        Json.Obj.of("spec", Json.Obj.of("expirationSeconds", 86_400)))
                .text("status", "token")
                .orElseThrow();
    }

    /** The same API for the bearer of a token. */
    void kubeconfig(Path file, String token) throws IOException {
        var config = client.getConfiguration();
        var ca =
                config.getCaCertData() != null
                        ? Json.Obj.of("certificate-authority-data", config.getCaCertData())
                        : Json.Obj.of("certificate-authority", config.getCaCertFile());
        var tree =
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Config",
                        "current-context",
                        "bench",
                        "clusters",
                        List.of(
                                Json.Obj.of(
                                        "name",
                                        "bench",
                                        "cluster",
                                        ca.with("server", Json.of(root)))),
                        "users",
                        List.of(Json.Obj.of("name", "bench", "user", Json.Obj.of("token", token))),
                        "contexts",
                        List.of(
                                Json.Obj.of(
                                        "name",
                                        "bench",
                                        "context",
                                        Json.Obj.of("cluster", "bench", "user", "bench"))));
        java.nio.file.Files.write(file, JsonWriter.bytes(tree));
    }

    static Json.Obj named(Json.Obj tree, String name) {
        return tree.withAt(List.of("metadata", "name"), Json.of(name));
    }

    @Override
    public void close() {
        client.close();
    }
}
