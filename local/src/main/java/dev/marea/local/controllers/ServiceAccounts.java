package dev.marea.local.controllers;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Follow;
import dev.marea.local.work.WorkQueue;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives every namespace its default service account, which manifests may name. */
final class ServiceAccounts implements Controller {
    private static final int PARALLEL = 2;
    private static final String ACCOUNT = "default";

    private final Tools tools;
    private final WorkQueue<Key> queue;
    private final List<Follow> follows = new ArrayList<>();

    ServiceAccounts(Tools tools) {
        this.tools = tools;
        this.queue = new WorkQueue<>("serviceaccounts", PARALLEL, tools.time(), this::look);
    }

    @Override
    public void start() {
        follows.add(
                Follow.all(tools.objects(), Resource.NAMESPACE, change -> queue.add(change.key())));
        follows.add(Follow.all(tools.objects(), Resource.SERVICE_ACCOUNT, this::accountChanged));
    }

    private void accountChanged(Change change) {
        if (change.type() == Change.Type.DELETED && change.key().name().equals(ACCOUNT)) {
            queue.add(Key.namespace(change.key().namespace()));
        }
    }

    private Optional<Duration> look(Key namespace) throws Refusal {
        var account = new Key(Resource.SERVICE_ACCOUNT, namespace.name(), ACCOUNT);
        var open = tools.objects().get(namespace).filter(found -> !new Meta(found).deleting());
        if (open.isPresent() && tools.objects().get(account).isEmpty()) {
            tools.objects()
                    .create(
                            Json.Obj.of(
                                    "apiVersion",
                                    "v1",
                                    "kind",
                                    "ServiceAccount",
                                    "metadata",
                                    Json.Obj.of("name", ACCOUNT, "namespace", namespace.name())),
                            Tools.MANAGER);
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        follows.forEach(Follow::close);
        queue.close();
    }
}
