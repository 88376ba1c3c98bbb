package dev.marea.local.controllers;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Follow;
import dev.marea.local.work.Meta;
import dev.marea.local.work.WorkQueue;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Gives every namespace its default service account, and empties one that is to go. */
final class Namespaces implements Controller {
    private static final int PARALLEL = 2;
    private static final String ACCOUNT = "default";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Tools tools;
    private final List<Resource> contents;
    private final WorkQueue<Key> queue;
    private final List<Follow> follows = new ArrayList<>();

    Namespaces(Tools tools, Collection<Resource> served) {
        this.tools = tools;
        this.contents = served.stream().filter(Resource::namespaced).toList();
        this.queue = new WorkQueue<>("namespaces", PARALLEL, tools.time(), this::look);
    }

    @Override
    public void start() {
        follows.add(
                Follow.all(tools.objects(), Resource.NAMESPACE, change -> queue.add(change.key())));
        follows.add(
                Follow.all(
                        tools.objects(),
                        Resource.SERVICE_ACCOUNT,
                        change -> {
                            if (change.type() == Change.Type.DELETED
                                    && change.key().name().equals(ACCOUNT)) {
                                queue.add(Key.namespace(change.key().namespace()));
                            }
                        }));
    }

    private Optional<Duration> look(Key key) throws Refusal {
        var namespace = tools.objects().get(key);
        if (namespace.isEmpty()) {
            return Optional.empty();
        }
        if (!new Meta(namespace.get()).deleting()) {
            account(key.name());
            return Optional.empty();
        }
        if (empty(key.name())) {
            finish(namespace.get());
            return Optional.empty();
        }
        return Optional.of(LOOK_AGAIN);
    }

    private void account(String namespace) throws Refusal {
        if (tools.objects().get(new Key(Resource.SERVICE_ACCOUNT, namespace, ACCOUNT)).isEmpty()) {
            tools.objects()
                    .create(
                            Json.Obj.of(
                                    "apiVersion", "v1",
                                    "kind", "ServiceAccount",
                                    "metadata",
                                            Json.Obj.of("name", ACCOUNT, "namespace", namespace)),
                            Tools.MANAGER);
        }
    }

    /** True once nothing is left; what is left has been told to go. */
    private boolean empty(String namespace) throws Refusal {
        boolean empty = true;
        for (var resource : contents) {
            for (var object : tools.objects().list(resource, namespace).items()) {
                var meta = new Meta(object);
                if (!meta.deleting()) {
                    delete(meta.key(resource));
                }
                empty = empty && tools.objects().get(meta.key(resource)).isEmpty();
            }
        }
        return empty;
    }

    private void delete(Key key) throws Refusal {
        try {
            tools.objects().delete(key, Tools.MANAGER);
        } catch (Refusal refused) {
            if (!refused.notFound()) {
                throw refused;
            }
        }
    }

    private void finish(Json.Obj namespace) throws Refusal {
        var _ =
                tools.edit()
                        .object(
                                new Meta(namespace).key(Resource.NAMESPACE),
                                new Meta(namespace).uid(),
                                now -> now.withAt(List.of("spec", "finalizers"), Json.Arr.EMPTY));
    }

    @Override
    public void close() {
        follows.forEach(Follow::close);
        queue.close();
    }
}
