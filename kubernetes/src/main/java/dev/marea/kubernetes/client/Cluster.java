package dev.marea.kubernetes.client;

import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A Kubernetes API as the command line sees it. */
public interface Cluster extends AutoCloseable {
    /** The namespace that the kubeconfig's context names, else {@code default}. */
    String namespace();

    /**
     * Server-side apply under the field manager {@code marea-cli}; the server's warnings go to the
     * consumer.
     */
    Json.Obj apply(Json.Obj object, String namespace, Consumer<String> onWarning)
            throws IOException;

    /** Where the API keeps objects of this manifest's kind. */
    ResourcePath resource(Json.Obj manifest) throws IOException;

    Optional<Json.Obj> get(ResourcePath resource, String namespace, String name) throws IOException;

    /**
     * Lists a kind.
     *
     * @param namespace empty for all
     * @param labelSelector empty for everything
     */
    List<Json.Obj> list(ResourcePath resource, String namespace, String labelSelector)
            throws IOException;

    Json.Obj mergePatch(
            ResourcePath resource,
            String namespace,
            String name,
            Json.Obj patch,
            Consumer<String> onWarning)
            throws IOException;

    /** Any document of the API, such as {@code /version}; empty if it has none there. */
    Optional<Json.Obj> read(String path) throws IOException;

    /** Gives the API something to judge or to make, and returns its answer. */
    Json.Obj post(String path, Json.Obj body) throws IOException;

    /** False if there was no such object. */
    boolean delete(ResourcePath resource, String namespace, String name) throws IOException;

    /**
     * Streams a container's log to the consumer, line by line, until it ends or the thread is
     * interrupted.
     */
    void logs(String namespace, String pod, LogQuery query, Consumer<String> onLine)
            throws IOException, InterruptedException;

    /** What of a log to show; {@code tail} below zero means all. */
    record LogQuery(boolean follow, boolean previous, int tail) {}

    @Override
    void close();
}
