package dev.marea.local.work;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what happened to an object. The same words about the same object become one event
 * with a count. Telling never blocks and never fails the teller; past the limit it is dropped.
 */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int WAITING_MAX = 1_000;
    private static final int REMEMBERED_MAX = 4_096;
    private static final int MESSAGE_MAX = 1_024;

    private final Objects objects;
    private final Time time;
    private final String component;
    private final String host;
    private final Serial serial = new Serial("events");
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<Telling, Key> told =
            new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Telling, Key> eldest) {
                    return size() > REMEMBERED_MAX;
                }
            };

    private record Telling(
            String uid, String field, boolean warning, String reason, String message) {}

    public Events(Objects objects, Time time, String component, String host) {
        this.objects = objects;
        this.time = time;
        this.component = component;
        this.host = host;
    }

    public void normal(Resource resource, Json.Obj about, String reason, String message) {
        tell(resource, about, "", false, reason, message);
    }

    public void warning(Resource resource, Json.Obj about, String reason, String message) {
        tell(resource, about, "", true, reason, message);
    }

    /**
     * @param field the part of the object, as {@code spec.containers{main}}
     */
    public void tell(
            Resource resource,
            Json.Obj about,
            String field,
            boolean warning,
            String reason,
            String message) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            LOG.warn("too many events wait; dropped: {} {}", reason, message);
            return;
        }
        var words =
                message.length() <= MESSAGE_MAX
                        ? message
                        : message.substring(0, MESSAGE_MAX - 3) + "...";
        serial.execute(() -> {
            waiting.decrementAndGet();
            var meta = new Meta(about);
            write(resource, meta, new Telling(meta.uid(), field, warning, reason, words));
        });
    }

    private void write(Resource resource, Meta about, Telling telling) {
        try {
            var before = told.get(telling);
            if (before == null || !countUp(before)) {
                told.put(telling, create(resource, about, telling));
            }
        } catch (Refusal refused) {
            // most often the namespace is going away, and its events with it
            LOG.debug("event {} not written: {}", telling.reason(), refused.getMessage());
        }
    }

    private boolean countUp(Key key) throws Refusal {
        var found = objects.get(key);
        if (found.isEmpty()) {
            return false;
        }
        var count = found.get().integer("count").orElse(1) + 1;
        objects.update(
                found.get()
                        .with("count", Json.of(count))
                        .with("lastTimestamp", Json.of(Meta.stamp(time.now())))
                        .withoutAt(List.of("metadata", "resourceVersion")),
                component);
        return true;
    }

    private Key create(Resource resource, Meta about, Telling telling) throws Refusal {
        var namespace = about.namespace().isEmpty() ? "default" : about.namespace();
        var now = time.now();
        var name =
                "%s.%x"
                        .formatted(
                                about.name(),
                                now.toEpochMilli() * 1_000_000
                                        + Math.abs(telling.hashCode() % 1_000_000));
        var involved =
                Json.Obj.of(
                        "apiVersion", resource.apiVersion(),
                        "kind", resource.kind(),
                        "namespace", about.namespace(),
                        "name", about.name(),
                        "uid", about.uid());
        if (!telling.field().isEmpty()) {
            involved = involved.with("fieldPath", Json.of(telling.field()));
        }
        objects.create(
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Event",
                        "metadata",
                        Json.Obj.of("name", name, "namespace", namespace),
                        "involvedObject",
                        involved,
                        "reason",
                        telling.reason(),
                        "message",
                        telling.message(),
                        "type",
                        telling.warning() ? "Warning" : "Normal",
                        "count",
                        1,
                        "firstTimestamp",
                        Meta.stamp(now),
                        "lastTimestamp",
                        Meta.stamp(now),
                        "source",
                        Json.Obj.of("component", component, "host", host),
                        "reportingComponent",
                        component,
                        "reportingInstance",
                        host),
                component);
        return new Key(Resource.EVENT, namespace, name);
    }
}
