package dev.marea.check.operator;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says that pods are ready without running them. A model whose path holds {@code slow} waits for
 * {@link #release}; one with {@code broken} never loads and says so.
 */
final class PretendNode implements AutoCloseable {
    private static final String MANAGER = "pretend-node";
    private static final String REVISION = "marea.dev/revision";

    private final Objects objects;
    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private final Objects.Watch watch;

    PretendNode(Objects objects) throws Refusal {
        this.objects = objects;
        this.watch = objects.watch(Resource.POD, 0, this::look);
    }

    void release(String revision) {
        released.add(revision);
        for (var pod : objects.list(Resource.POD, "demo").items()) {
            tell(new Key(Resource.POD, "demo", pod.text("metadata", "name").orElse("")));
        }
    }

    private void look(Change change) {
        if (change.type() == Change.Type.ADDED) {
            tell(change.key());
        }
    }

    private void tell(Key key) {
        try {
            var pod = objects.get(key);
            if (pod.isPresent()) {
                objects.updateStatus(
                        pod.get().without("status").with("status", status(pod.get())), MANAGER);
            }
        } catch (Refusal gone) {
            if (!gone.notFound()) {
                throw new IllegalStateException(gone);
            }
        }
    }

    private Json.Obj status(Json.Obj pod) {
        var text = pod.object("spec").toString();
        var broken = text.contains("broken");
        var slow =
                text.contains("slow")
                        && !released.contains(pod.text("metadata", "labels", REVISION).orElse(""));
        var ready = !broken && !slow;
        var container =
                Json.Obj.of(
                        "name", "kserve-container",
                        "image", "x",
                        "imageID", "",
                        "ready", ready,
                        "restartCount", 0);
        var ended =
                Json.Obj.of(
                        "terminated",
                        Json.Obj.of("exitCode", 3, "message", "no model file in /models/broken"));
        var now = Instant.now().toString();
        return Json.Obj.of(
                "phase",
                "Running",
                "podIP",
                "127.0.0.1",
                "conditions",
                List.of(
                        Json.Obj.of(
                                "type",
                                "Ready",
                                "status",
                                ready ? "True" : "False",
                                "lastTransitionTime",
                                now)),
                "containerStatuses",
                List.of(broken ? container.with("lastState", ended) : container));
    }

    @Override
    public void close() {
        watch.close();
    }
}
