package dev.marea.local.node;

import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.work.Serial;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a pod has become, always the newest, never in the way of what runs: the store makes
 * each write durable, and a child must not wait for a disk.
 */
final class StatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    private final Machine machine;
    private final Key key;
    private final String uid;
    private final Serial serial;
    private final AtomicReference<@Nullable Wish> wish = new AtomicReference<>();
    private int failures;
    private boolean removed;
    private volatile boolean ended;

    /**
     * @param bound the node's name and the annotations stand in the object
     * @param status turns the status that is there into the one to be
     */
    private record Wish(
            boolean bound,
            Map<String, String> annotations,
            UnaryOperator<Json.Obj> status,
            boolean remove) {}

    StatusWriter(Machine machine, PodSpec pod) {
        this.machine = machine;
        this.key = pod.key();
        this.uid = pod.meta().uid();
        this.serial = new Serial("status " + key.name());
    }

    void write(boolean bound, Map<String, String> annotations, UnaryOperator<Json.Obj> status) {
        wish.set(new Wish(bound, annotations, status, false));
        serial.execute(this::flush);
    }

    /** The last write; then the object goes. */
    void remove(UnaryOperator<Json.Obj> status) {
        wish.set(new Wish(false, Map.of(), status, true));
        serial.execute(this::flush);
    }

    /** The platform ends: what could not be written yet is found anew by the next one. */
    void end() {
        ended = true;
    }

    private void flush() {
        var next = wish.getAndSet(null);
        if (next == null || removed) {
            return;
        }
        try {
            if (next.bound()) {
                machine.edit().object(key, uid, pod -> bound(pod, next.annotations()));
            }
            machine.edit()
                    .status(
                            key,
                            uid,
                            pod -> pod.with("status", next.status().apply(pod.object("status"))));
            if (next.remove()) {
                removed = true;
                remove();
            }
            failures = 0;
        } catch (Refusal refused) {
            retry(next, refused);
        }
    }

    private Json.Obj bound(Json.Obj pod, Map<String, String> annotations) {
        var bound = pod.withAt(List.of("spec", "nodeName"), Json.of(machine.settings().name()));
        for (var annotation : annotations.entrySet()) {
            bound =
                    bound.withAt(
                            List.of("metadata", "annotations", annotation.getKey()),
                            Json.of(annotation.getValue()));
        }
        return bound;
    }

    private void remove() throws Refusal {
        try {
            machine.objects().delete(key, Deletion.NOW.withUid(uid), Objects.NODE);
        } catch (Refusal refused) {
            if (!refused.notFound() && !refused.conflict()) {
                throw refused;
            }
        }
    }

    private void retry(Wish failed, Refusal refused) {
        if (ended) {
            return;
        }
        failures++;
        removed = false;
        LOG.warn(
                "pod {}/{}: status not written: {}",
                key.namespace(),
                key.name(),
                refused.getMessage());
        wish.compareAndSet(null, failed);
        var pause = Duration.ofMillis(50L << Math.min(failures, 12));
        var _ =
                machine.time()
                        .after(
                                pause.compareTo(RETRY_MAX) < 0 ? pause : RETRY_MAX,
                                () -> serial.execute(this::flush));
    }
}
