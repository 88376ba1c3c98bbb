package dev.marea.kubernetes.api;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applier and reads single objects as JSON trees, so that fields we do not know survive. Every call
 * ends within {@link #DEADLINE_SECONDS}.
 */
public final class Api {
    /** Who owns the fields that we set. */
    public static final String MANAGER = "marea";

    /** Replicas have an owner of their own, so that applying a Deployment never takes them back. */
    private static final String SCALE_MANAGER = "marea-scale";

    private static final int DEADLINE_SECONDS = 10;
    private static final int RETRIES = 2;
    private static final long PAUSE_MILLIS = 100;
    private static final int PAGE = 500;
    private static final int FOUND_MAX = 10_000;
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String JSON = "application/json";

    /** With what a server answers that cannot leave the rest out. */
    private static final String METADATA =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    private static final String METADATA_OF =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private static final String MERGE = "application/merge-patch+json";

    private static final Json.Obj IN_BACKGROUND =
            Json.Obj.of(
                    "apiVersion", "v1",
                    "kind", "DeleteOptions",
                    "propagationPolicy", "Background");

    private final KubernetesClient client;
    private final Fence fence;
    private final String root;

    /** Whose writes all pass the fence. */
    public Api(KubernetesClient client, Fence fence) {
        this.client = client;
        this.fence = fence;
        var master = client.getMasterUrl().toString();
        this.root = master.endsWith("/") ? master.substring(0, master.length() - 1) : master;
    }

    public Optional<Json.Obj> get(Kind kind, String namespace, String name) throws IOException {
        try {
            return Optional.of(call("GET", kind.path(namespace, name), "", null));
        } catch (ApiRefusal refused) {
            if (refused.notFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    public Json.Obj list(Kind kind, String namespace) throws IOException {
        return call("GET", kind.path(namespace), "", null);
    }

    /** The one of a name, by the right to list, which is had anyway. */
    public Optional<Json.Obj> named(Kind kind, String namespace, String name) throws IOException {
        var path = kind.path(namespace) + "?fieldSelector=metadata.name%3D" + name;
        return call("GET", path, "", null).list("items").stream()
                .findFirst()
                .map(Json.Obj.class::cast);
    }

    /** Those that bear a label with a value. */
    public List<Json> labelled(Kind kind, String namespace, String label, String value)
            throws IOException {
        var selector = URLEncoder.encode(label + "=" + value, StandardCharsets.UTF_8);
        return call("GET", kind.path(namespace) + "?labelSelector=" + selector, "", null)
                .list("items");
    }

    /**
     * All objects of a kind in all namespaces, page by page.
     *
     * @param query selectors, encoded; empty for none
     */
    public List<Json> everywhere(Kind kind, String query) throws IOException {
        var found = new ArrayList<Json>();
        var next = "";
        do {
            var page =
                    call("GET", kind.pathOfAll() + "?limit=" + PAGE + "&" + query + next, "", null);
            found.addAll(page.list("items"));
            next =
                    page.text("metadata", "continue")
                            .filter(c -> !c.isEmpty())
                            .map(c -> "&continue=" + URLEncoder.encode(c, StandardCharsets.UTF_8))
                            .orElse("");
        } while (!next.isEmpty() && found.size() < FOUND_MAX);
        return found;
    }

    /** Asks for one of a kind and forgets it; the API's refusal says what stands in the way. */
    public void probe(Kind kind, String namespace) throws IOException {
        call("GET", kind.path(namespace) + "?limit=1", "", null);
    }

    /** The plurals of all kinds of a group's version; none if the API does not know the group. */
    Set<String> plurals(String apiVersion) throws IOException {
        var path = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
        try {
            return call("GET", path, "", null).list("resources").stream()
                    .flatMap(r -> r.text("name").stream())
                    .collect(Collectors.toSet());
        } catch (ApiRefusal refused) {
            if (refused.notFound()) {
                return Set.of();
            }
            throw refused;
        }
    }

    /** The metadata of one object; its content never leaves the server. */
    public Optional<Json.Obj> metadataOf(Kind kind, String namespace, String name)
            throws IOException {
        try {
            return Optional.of(
                    await(send("GET", kind.path(namespace, name), METADATA_OF, "", null)));
        } catch (ApiRefusal refused) {
            if (refused.notFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** The metadata of the objects that bear a label, and nothing else of them. */
    public List<Json> metadata(Kind kind, String namespace, String label) throws IOException {
        var path = kind.path(namespace) + "?labelSelector=" + label.replace("/", "%2F");
        return await(send("GET", path, METADATA, "", null)).list("items");
    }

    /** Creates an object; a refusal with conflict says that the name is taken. */
    public Json.Obj create(Kind kind, String namespace, Json.Obj tree) throws IOException {
        return call(
                "POST",
                kind.path(namespace) + "?fieldManager=" + MANAGER,
                "application/json",
                tree);
    }

    /**
     * Replaces the object of the version that the tree names; a refusal with conflict says that it
     * has changed.
     */
    public Json.Obj replace(Kind kind, String namespace, Json.Obj tree) throws IOException {
        return call(
                "PUT",
                kind.path(namespace, name(tree)) + "?fieldManager=" + MANAGER,
                "application/json",
                tree);
    }

    /** Server-side apply; with force our fields become ours whoever set them. */
    public Json.Obj apply(Kind kind, String namespace, Json.Obj tree, boolean force)
            throws IOException {
        return call("PATCH", applyPath(kind.path(namespace, name(tree)), force), APPLY, tree);
    }

    /** Server-side apply of the status alone. */
    public Json.Obj applyStatus(Kind kind, String namespace, Json.Obj tree) throws IOException {
        var path = kind.path(namespace, name(tree)) + "/status";
        return call("PATCH", applyPath(path, true), APPLY, tree);
    }

    public Json.Obj merge(Kind kind, String namespace, String name, Json.Obj patch)
            throws IOException {
        return call("PATCH", kind.path(namespace, name) + "?fieldManager=" + MANAGER, MERGE, patch);
    }

    /** Sets the replicas of a Deployment; the future ends with the Scale that is now in force. */
    public CompletableFuture<Json.Obj> scale(String namespace, String deployment, int replicas) {
        var path =
                Kind.DEPLOYMENT.path(namespace, deployment)
                        + "/scale?fieldManager="
                        + SCALE_MANAGER;
        return send("PATCH", path, MERGE, Json.Obj.of("spec", Json.Obj.of("replicas", replicas)));
    }

    /** False if there was no such object. Its dependants are deleted in the background. */
    public boolean delete(Kind kind, String namespace, String name) throws IOException {
        try {
            // With a body: fabric8's JDK client sends a DELETE without one as a GET.
            call("DELETE", kind.path(namespace, name), "application/json", IN_BACKGROUND);
            return true;
        } catch (ApiRefusal refused) {
            if (refused.notFound()) {
                return false;
            }
            throw refused;
        }
    }

    private static String applyPath(String path, boolean force) {
        return path + "?fieldManager=" + MANAGER + "&force=" + force;
    }

    private static String name(Json.Obj tree) {
        return tree.text("metadata", "name")
                .orElseThrow(() -> new IllegalArgumentException("a tree without a name: " + tree));
    }

    private Json.Obj call(String method, String path, String type, Json.@Nullable Obj body)
            throws IOException {
        return await(send(method, path, type, body));
    }

    private CompletableFuture<Json.Obj> send(
            String method, String path, String type, Json.@Nullable Obj body) {
        return send(method, path, JSON, type, body);
    }

    private CompletableFuture<Json.Obj> send(
            String method, String path, String accept, String type, Json.@Nullable Obj body) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        return insist(() -> once(method, path, accept, type, body, end), RETRIES);
    }

    /**
     * A server that stumbles is asked again at once: every call may be made twice. Who is told to
     * wait, or to change what was asked, must see to that.
     */
    private static CompletableFuture<Json.Obj> insist(
            Supplier<CompletableFuture<Json.Obj>> call, int retries) {
        return call.get()
                .exceptionallyCompose(failed -> {
                    if (retries == 0 || !stumbled(failure(failed))) {
                        return CompletableFuture.failedFuture(failed);
                    }
                    long pause = PAUSE_MILLIS << (RETRIES - retries);
                    return CompletableFuture.runAsync(
                                    () -> {},
                                    CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS))
                            .thenCompose(_ -> insist(call, retries - 1));
                });
    }

    private static boolean stumbled(IOException failed) {
        return !(failed instanceof ApiRefusal refused)
                || (refused.code() >= 500 && refused.retryAfter().isEmpty());
    }

    private CompletableFuture<Json.Obj> once(
            String method,
            String path,
            String accept,
            String type,
            Json.@Nullable Obj body,
            long end) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        long deadline = Math.min(left, deadlineMillis(method));
        if (deadline <= 0) {
            var why =
                    left <= 0
                            ? "no time was left for it"
                            : "this operator does not lead, and leaves it to the one that does";
            return CompletableFuture.failedFuture(
                    new IOException("%s %s: %s".formatted(method, path, why)));
        }
        var http = client.getHttpClient();
        var request =
                http.newHttpRequestBuilder()
                        .uri(root + path)
                        .timeout(deadline, TimeUnit.MILLISECONDS)
                        .header("Accept", accept);
        var built =
                body == null
                        ? request.method(method, null, (String) null)
                        : request.method(
                                method,
                                type,
                                new String(JsonWriter.bytes(body), StandardCharsets.UTF_8));
        return http.sendAsync(built.build(), byte[].class)
                .thenApply(answer -> read(method + " " + path, answer))
                .orTimeout(deadline, TimeUnit.MILLISECONDS);
    }

    private long deadlineMillis(String method) {
        long usual = TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS);
        return method.equals("GET") ? usual : Math.min(usual, fence.left().toMillis());
    }

    private static Json.Obj read(String what, HttpResponse<byte[]> answer) {
        try {
            var tree = answer.body().length == 0 ? Json.Obj.EMPTY : JsonReader.read(answer.body());
            if (answer.code() >= 300) {
                throw new CompletionException(
                        new ApiRefusal(what, answer.code(), retryAfter(answer), tree));
            }
            return tree instanceof Json.Obj object ? object : Json.Obj.EMPTY;
        } catch (JsonReader.MalformedJson notJson) {
            var told =
                    Json.Obj.of(
                            "message", "the API answered %d and no JSON".formatted(answer.code()));
            throw new CompletionException(
                    new ApiRefusal(what, answer.code(), retryAfter(answer), told));
        }
    }

    /** In seconds, as the API says it; 0 where it says nothing. */
    private static long retryAfter(HttpResponse<?> answer) {
        return Optional.ofNullable(answer.header("Retry-After"))
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    /** Waits for an answer and turns what went wrong into an IOException. */
    public static <T> T await(CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failure(failed);
        } catch (TimeoutException | CancellationException late) {
            throw new IOException("the API gave no answer in " + DEADLINE_SECONDS + " s", late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the API", stopped);
        }
    }

    /** What really happened, below the wrappers of a future. */
    public static IOException failure(Throwable failed) {
        var cause = failed;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof ApiRefusal refused
                ? refused
                : new IOException("the API cannot be reached: " + cause.getMessage(), cause);
    }
}
