package dev.marea.kubernetes.client;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The API that a kubeconfig names, spoken to with plain JSON trees over fabric8's HTTP client. */
public final class KubeconfigCluster implements Cluster {
    private static final String MANAGER = "marea-cli";
    private static final int DEADLINE_SECONDS = 30;

    private static final Json.Obj DELETE_OPTIONS =
            Json.Obj.of("apiVersion", "v1", "kind", "DeleteOptions");

    private final KubernetesClient client;

    private KubeconfigCluster(KubernetesClient client) {
        this.client = client;
    }

    public static KubeconfigCluster open(Path kubeconfig) {
        var config = Kubeconfigs.read(kubeconfig);
        return new KubeconfigCluster(
                new KubernetesClientBuilder()
                        .withHttpClientFactory(new JdkHttpClientFactory())
                        .withConfig(config)
                        .build());
    }

    @Override
    public String namespace() {
        return Optional.ofNullable(client.getConfiguration().getNamespace()).orElse("default");
    }

    @Override
    public Json.Obj apply(Json.Obj object, String namespace, Consumer<String> onWarning)
            throws IOException {
        var resource = resource(object);
        var name =
                object.text("metadata", "name")
                        .orElseThrow(() -> new IOException("the manifest has no metadata.name"));
        var target = object.text("metadata", "namespace").orElse(namespace);
        var path =
                resource.path(target, name)
                        + "?fieldManager="
                        + MANAGER
                        + "&force=true&fieldValidation=Strict";
        return expect(send("PATCH", path, "application/apply-patch+yaml", object), onWarning);
    }

    @Override
    public ResourcePath resource(Json.Obj object) throws IOException {
        var apiVersion =
                object.text("apiVersion")
                        .orElseThrow(() -> new IOException("the manifest has no apiVersion"));
        var kind =
                object.text("kind").orElseThrow(() -> new IOException("the manifest has no kind"));
        var answer = send("GET", ResourcePath.root(apiVersion), "", null);
        if (answer.code() == 404) {
            throw ApiFailure.unknownKind(kind, apiVersion);
        }
        for (var entry : expect(answer, _ -> {}).list("resources")) {
            var plural = entry.text("name").orElse("");
            if (entry.text("kind").orElse("").equals(kind) && !plural.contains("/")) {
                int slash = apiVersion.indexOf('/');
                return new ResourcePath(
                        slash < 0 ? "" : apiVersion.substring(0, slash),
                        apiVersion.substring(slash + 1),
                        plural,
                        kind,
                        entry.flag("namespaced"),
                        List.of());
            }
        }
        throw ApiFailure.unknownKind(kind, apiVersion);
    }

    @Override
    public Optional<Json.Obj> get(ResourcePath resource, String namespace, String name)
            throws IOException {
        var answer = send("GET", resource.path(namespace, name), "", null);
        return answer.code() == 404 ? Optional.empty() : Optional.of(expect(answer, _ -> {}));
    }

    @Override
    public List<Json.Obj> list(ResourcePath resource, String namespace, String labelSelector)
            throws IOException {
        var query =
                labelSelector.isEmpty()
                        ? ""
                        : "?labelSelector="
                                + URLEncoder.encode(labelSelector, StandardCharsets.UTF_8);
        var items = new ArrayList<Json.Obj>();
        for (var item :
                expect(send("GET", resource.path(namespace, "") + query, "", null), _ -> {})
                        .list("items")) {
            if (item instanceof Json.Obj object) {
                items.add(object);
            }
        }
        return items;
    }

    @Override
    public Json.Obj mergePatch(
            ResourcePath resource,
            String namespace,
            String name,
            Json.Obj patch,
            Consumer<String> onWarning)
            throws IOException {
        var path =
                resource.path(namespace, name)
                        + "?fieldManager="
                        + MANAGER
                        + "&fieldValidation=Strict";
        return expect(send("PATCH", path, "application/merge-patch+json", patch), onWarning);
    }

    @Override
    public Optional<Json.Obj> read(String path) throws IOException {
        var answer = send("GET", path, "", null);
        return answer.code() == 404 ? Optional.empty() : Optional.of(expect(answer, _ -> {}));
    }

    @Override
    public Json.Obj post(String path, Json.Obj body) throws IOException {
        return expect(send("POST", path, "application/json", body), _ -> {});
    }

    @Override
    public boolean delete(ResourcePath resource, String namespace, String name) throws IOException {
        var answer =
                // With a body: fabric8's JDK client sends a DELETE without one as a GET.
                send("DELETE", resource.path(namespace, name), "application/json", DELETE_OPTIONS);
        if (answer.code() == 404) {
            return false;
        }
        expect(answer, _ -> {});
        return true;
    }

    @Override
    public void logs(String namespace, String pod, LogQuery query, Consumer<String> onLine)
            throws IOException, InterruptedException {
        var path =
                new StringBuilder(ResourcePath.POD.path(namespace, pod))
                        .append("/log?follow=")
                        .append(query.follow());
        path.append("&previous=").append(query.previous());
        if (query.tail() >= 0) {
            path.append("&tailLines=").append(query.tail());
        }
        var lines = new LineSplitter(onLine);
        var started =
                client.getHttpClient()
                        .consumeBytes(request("GET", path.toString(), "", null), lines::accept);
        var answer = await(started);
        lines.keepInstead(answer.code() >= 400);
        answer.body().consume();
        try {
            answer.body().done().get();
        } catch (InterruptedException stopped) {
            answer.body().cancel();
            throw stopped;
        } catch (ExecutionException cut) {
            throw new IOException("the log broke off: " + cut.getCause(), cut);
        }
        lines.end();
        if (answer.code() >= 400) {
            throw ApiFailure.of(answer.code(), lines.all());
        }
    }

    private record Answer(int code, Json body, List<String> warnings) {}

    private Answer send(
            String method,
            String path,
            String contentType,
            Json.@org.jspecify.annotations.Nullable Obj body)
            throws IOException {
        try {
            HttpResponse<byte[]> answer =
                    await(
                            client.getHttpClient()
                                    .sendAsync(
                                            request(method, path, contentType, body),
                                            byte[].class));
            return new Answer(
                    answer.code(), JsonReader.read(answer.body()), answer.headers("Warning"));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    private HttpRequest request(
            String method,
            String path,
            String contentType,
            Json.@org.jspecify.annotations.Nullable Obj body) {
        var master = client.getMasterUrl().toString();
        var base = master.endsWith("/") ? master.substring(0, master.length() - 1) : master;
        var request =
                client.getHttpClient()
                        .newHttpRequestBuilder()
                        .uri(base + path)
                        .header("Accept", "application/json");
        return (body == null
                        ? request.method(method, null, null)
                        : request.method(
                                method,
                                contentType,
                                new String(JsonWriter.bytes(body), StandardCharsets.UTF_8)))
                .build();
    }

    private static <T> T await(CompletableFuture<T> answer)
            throws IOException, InterruptedException {
        try {
            return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException silent) {
            answer.cancel(true);
            throw new IOException(
                    "the API gave no answer within " + DEADLINE_SECONDS + " s", silent);
        } catch (ExecutionException failed) {
            var cause = failed.getCause();
            throw new IOException(
                    "the API cannot be reached: " + (cause == null ? failed : cause), cause);
        }
    }

    private static Json.Obj expect(Answer answer, Consumer<String> onWarning) throws IOException {
        answer.warnings().forEach(w -> onWarning.accept(warningText(w)));
        if (answer.code() >= 400) {
            throw ApiFailure.of(answer.code(), answer.body());
        }
        return answer.body() instanceof Json.Obj object ? object : Json.Obj.EMPTY;
    }

    // Warning: 299 - "text"
    private static String warningText(String header) {
        int open = header.indexOf('"');
        int close = header.lastIndexOf('"');
        return open >= 0 && close > open
                ? header.substring(open + 1, close).replace("\\\"", "\"")
                : header;
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * Cuts a byte stream into lines for the consumer; the text of an error is kept instead, up to a
     * limit.
     */
    private static final class LineSplitter {
        private static final int KEPT_MAX = 4_096;

        private final Consumer<String> onLine;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final StringBuilder kept = new StringBuilder();
        private boolean keeps;

        LineSplitter(Consumer<String> onLine) {
            this.onLine = onLine;
        }

        void keepInstead(boolean failed) {
            keeps = failed;
        }

        void accept(List<ByteBuffer> chunks, AsyncBody body) {
            for (var chunk : chunks) {
                while (chunk.hasRemaining()) {
                    byte b = chunk.get();
                    if (b == '\n') {
                        emit();
                    } else {
                        line.write(b);
                    }
                }
            }
            body.consume();
        }

        private void emit() {
            var text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            if (!keeps) {
                onLine.accept(text);
            } else if (kept.length() < KEPT_MAX) {
                kept.append(text);
            }
        }

        void end() {
            if (line.size() > 0) {
                emit();
            }
        }

        String all() {
            return kept.toString();
        }
    }
}
