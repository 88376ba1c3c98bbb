package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.plan.ServiceStatus.ConditionType;
import dev.marea.core.spec.Reason;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.observe.StatusMemory;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.StatusTree;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applier statuses, and only those that changed. A watch may lag behind our own last write; the
 * newer of the two is what was said before.
 */
final class StatusWrites {
    private static final String READY = ConditionType.READY.wireName();

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
        write(tree, subject, wanted);
    }

    /**
     * Says that something stands in the way of what is asked, and leaves the rest as it was said.
     *
     * @return false if that had been said before
     */
    boolean blocked(Json.Obj tree, Subject subject, Reason reason, String why, Instant now)
            throws IOException {
        var before = current(tree, subject.uid());
        var was = before.list("conditions").stream().filter(StatusWrites::ready).findFirst();
        var since =
                was.filter(c -> c.text("status").equals(Optional.of("False")))
                        .flatMap(c -> c.text("lastTransitionTime"))
                        .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        var is =
                Json.Obj.of(
                        "type", READY,
                        "status", "False",
                        "reason", reason.wireName(),
                        "message", why,
                        "lastTransitionTime", since);
        var conditions = new ArrayList<Json>(before.list("conditions"));
        conditions.removeIf(StatusWrites::ready);
        conditions.add(is);
        var wanted =
                before.with("conditions", new Json.Arr(conditions))
                        .with(
                                "observedGeneration",
                                Json.of(tree.integer("metadata", "generation").orElse(0)));
        if (was.filter(is::equals).isPresent() && wanted.equals(before)) {
            return false;
        }
        write(tree, subject, wanted);
        return true;
    }

    private static boolean ready(Json condition) {
        return condition.text("type").equals(Optional.of(READY));
    }

    /**
     * Writes it to the very object that was seen: another may bear its name by now, and the API
     * compares the version of a status' object, but not its uid.
     */
    private void write(Json.Obj tree, Subject subject, Json.Obj wanted) throws IOException {
        try {
            apply(subject, wanted, seen(tree, subject.uid()));
        } catch (ApiRefusal refused) {
            if (refused.notFound()) {
                return; // deleted meanwhile; there is nobody to tell
            }
            if (!refused.conflict()) {
                throw refused;
            }
            var now = api.get(Kind.INFERENCE_SERVICE, subject.namespace(), subject.name());
            if (now.filter(n -> Subject.of(n).uid().equals(subject.uid())).isPresent()) {
                apply(subject, wanted, PlanExecution.version(now.get()));
            }
        }
    }

    private void apply(Subject subject, Json.Obj wanted, long version) throws IOException {
        var patch =
                Json.Obj.of(
                        "apiVersion", Kind.INFERENCE_SERVICE.apiVersion(),
                        "kind", Kind.INFERENCE_SERVICE.name(),
                        "metadata",
                                Json.Obj.of(
                                        "name", subject.name(),
                                        "namespace", subject.namespace(),
                                        "resourceVersion", Long.toString(version)),
                        "status", wanted);
        var answer = api.applyStatus(Kind.INFERENCE_SERVICE, subject.namespace(), patch);
        written.put(subject.uid(), new Written(PlanExecution.version(answer), wanted));
    }

    /** The newest version that we know of. */
    private long seen(Json.Obj tree, String uid) {
        var own = written.get(uid);
        var seen = PlanExecution.version(tree);
        return own == null ? seen : Math.max(seen, own.version());
    }

    void forget(String uid) {
        written.remove(uid);
    }

    private Json.Obj current(Json.Obj tree, String uid) {
        var own = written.get(uid);
        if (own == null || own.version() <= PlanExecution.version(tree)) {
            written.remove(uid); // the watch has caught up with it
            return tree.object("status");
        }
        return own.status();
    }
}
