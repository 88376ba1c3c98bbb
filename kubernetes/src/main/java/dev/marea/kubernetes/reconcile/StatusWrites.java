package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.ServiceStatus;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.observe.StatusMemory;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.StatusTree;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applier statuses, and only those that changed. A watch may lag behind our own last write; the
 * newer of the two is what was said before.
 */
final class StatusWrites {
    private final Api api;
    private final Map<String, Written> written = new ConcurrentHashMap<>();

    private record Written(long version, Json.Obj status) {}

    StatusWrites(Api api) {
        this.api = api;
    }

    Optional<ServiceStatus> before(Json.Obj tree, String uid) {
        return StatusMemory.of(current(tree, uid));
    }

    void write(Json.Obj tree, Subject subject, ServiceStatus status) throws IOException {
        var wanted = StatusTree.of(status);
        if (wanted.equals(current(tree, subject.uid()))) {
            return;
        }
        var patch =
                Json.Obj.of(
                        "apiVersion", Kind.INFERENCE_SERVICE.apiVersion(),
                        "kind", Kind.INFERENCE_SERVICE.name(),
                        "metadata",
                                Json.Obj.of(
                                        "name", subject.name(), "namespace", subject.namespace()),
                        "status", wanted);
        try {
            var answer = api.applyStatus(Kind.INFERENCE_SERVICE, subject.namespace(), patch);
            written.put(subject.uid(), new Written(PlanExecution.version(answer), wanted));
        } catch (ApiRefusal refused) {
            if (!refused.notFound()) {
                throw refused;
            }
            // Deleted meanwhile; there is nobody to tell.
        }
    }

    void forget(String uid) {
        written.remove(uid);
    }

    private Json.Obj current(Json.Obj tree, String uid) {
        var own = written.get(uid);
        return own != null && own.version() >= PlanExecution.version(tree)
                ? own.status()
                : tree.object("status");
    }
}
