package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what happened to a service as Kubernetes events. The same news again raises a count. Events
 * are written behind the back of whoever tells them, and may be lost; nothing depends on them.
 */
final class ServiceEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceEvents.class);
    private static final int REMEMBERED_MAX = 2_000;
    private static final int QUEUED_MAX = 1_000;
    private static final int MESSAGE_MAX = 1_000;

    enum Tone {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String wireName;

        Tone(String wireName) {
            this.wireName = wireName;
        }
    }

    private record News(Kind kind, String uid, String reason, String message) {}

    private record Told(String name, long count) {}

    private final Api api;
    private final InstantSource clock;
    private final ThreadPoolExecutor writer =
            new ThreadPoolExecutor(
                    0,
                    1,
                    5,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(QUEUED_MAX),
                    Thread.ofPlatform().daemon().name("marea-events").factory());

    /** Touched by the one writer only. */
    private final Map<News, Told> told =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<News, Told> eldest) {
                    return size() > REMEMBERED_MAX;
                }
            };

    ServiceEvents(Api api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    void tell(Subject service, Tone tone, String reason, String message) {
        tell(Kind.INFERENCE_SERVICE, service, tone, reason, message);
    }

    void tell(Kind kind, Subject subject, Tone tone, String reason, String message) {
        var brief = message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX);
        try {
            writer.execute(
                    () -> write(subject, tone, new News(kind, subject.uid(), reason, brief)));
        } catch (RejectedExecutionException full) {
            LOG.debug("an event of {} is lost, too many wait", subject.name(), full);
        }
    }

    private void write(Subject subject, Tone tone, News news) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var before = told.get(news);
        try {
            if (before != null) {
                var count = before.count() + 1;
                api.merge(
                        Kind.EVENT,
                        subject.namespace(),
                        before.name(),
                        Json.Obj.of("count", count, "lastTimestamp", now));
                told.put(news, new Told(before.name(), count));
                return;
            }
            told.put(news, new Told(create(subject, tone, news, now), 1));
        } catch (IOException lost) {
            told.remove(news);
            LOG.debug("an event of {} is lost: {}", subject.name(), lost.getMessage());
        }
    }

    private String create(Subject subject, Tone tone, News news, String now) throws IOException {
        var name = subject.name() + "." + Long.toHexString(System.nanoTime());
        var about =
                Json.Obj.of(
                        "apiVersion", news.kind().apiVersion(),
                        "kind", news.kind().name(),
                        "namespace", subject.namespace(),
                        "name", subject.name(),
                        "uid", subject.uid());
        api.create(
                Kind.EVENT,
                subject.namespace(),
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Event",
                        "metadata",
                        Json.Obj.of("name", name, "namespace", subject.namespace()),
                        "involvedObject",
                        about,
                        "reason",
                        news.reason(),
                        "message",
                        news.message(),
                        "type",
                        tone.wireName,
                        "source",
                        Json.Obj.of("component", "marea"),
                        "reportingComponent",
                        "marea",
                        "firstTimestamp",
                        now,
                        "lastTimestamp",
                        now,
                        "count",
                        1));
        return name;
    }

    @Override
    public void close() {
        writer.shutdown();
    }
}
