package dev.marea.local.controllers;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Meta;
import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets events after an hour, or sooner when there are very many. */
final class OldEvents implements Controller {
    private static final Logger LOG = LoggerFactory.getLogger(OldEvents.class);
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final int KEPT_MAX = 5_000;

    private final Tools tools;
    private volatile Time.Alarm next = Time.Alarm.NONE;
    private volatile boolean closed;

    OldEvents(Tools tools) {
        this.tools = tools;
    }

    @Override
    public void start() {
        if (!closed) {
            next = tools.time().after(EVERY, this::sweep);
        }
    }

    private void sweep() {
        var oldest = tools.time().now().minus(KEPT);
        var events =
                tools.objects().list(Resource.EVENT, "").items().stream()
                        .sorted(Comparator.comparing(OldEvents::last).reversed())
                        .toList();
        for (int i = 0; i < events.size() && !closed; i++) {
            if (i >= KEPT_MAX || last(events.get(i)).isBefore(oldest)) {
                forget(events.get(i));
            }
        }
        start();
    }

    private static Instant last(Json.Obj event) {
        return Meta.instant(event.text("lastTimestamp")).orElse(new Meta(event).created());
    }

    private void forget(Json.Obj event) {
        try {
            tools.objects().delete(new Meta(event).key(Resource.EVENT), Tools.MANAGER);
        } catch (Refusal refused) {
            LOG.debug("event not forgotten: {}", refused.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        next.cancel();
    }
}
