package dev.marea.local.api;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.store.Committed;
import dev.marea.local.store.Store;
import dev.marea.local.store.Write;
import dev.marea.wire.json.Json;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the API does by itself: empties namespaces that end, and forgets old events. */
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final String MANAGER = "namespace-controller";
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
    private static final Duration EVENT_AGE_MAX = Duration.ofHours(1);
    private static final int EVENTS_MAX = 5_000;

    private final StoredObjects objects;
    private final Store store;
    private final Clock clock;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;

    private Upkeep(StoredObjects objects, Clock clock) {
        this.objects = objects;
        this.store = objects.store();
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("api-upkeep").unstarted(this::run);
    }

    public static Upkeep start(StoredObjects objects, Clock clock) {
        var upkeep = new Upkeep(objects, clock);
        upkeep.thread.start();
        return upkeep;
    }

    private void run() {
        while (!closed && store.open()) {
            try {
                follow();
            } catch (Refusal lost) {
                LOG.warn("lists namespaces and events anew: {}", lost.getMessage());
                pause();
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /** A refusal that lasts must not become a busy loop. */
    private void pause() {
        try {
            if (ended.await(LOOK_EVERY.toSeconds(), TimeUnit.SECONDS)) {
                LOG.debug("upkeep has ended");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws Refusal, InterruptedException {
        var namespaces = store.list(Resource.NAMESPACE, "");
        try (var changes = store.watch(Optional.empty(), namespaces.version())) {
            var ending = new HashSet<String>();
            for (var namespace : namespaces.items()) {
                if (new Meta(namespace).deleting()) {
                    ending.add(new Meta(namespace).name());
                }
            }
            end(Set.copyOf(ending), ending);
            sweepEvents();
            long sweep = System.nanoTime() + SWEEP_EVERY.toNanos();
            while (!closed && !changes.closed()) {
                var touched = new HashSet<String>();
                var next = changes.next(LOOK_EVERY);
                while (next.isPresent()) {
                    note(next.get(), ending, touched);
                    next = changes.next(Duration.ZERO);
                }
                end(touched, ending);
                if (System.nanoTime() > sweep) {
                    sweepEvents();
                    sweep = System.nanoTime() + SWEEP_EVERY.toNanos();
                }
            }
        }
    }

    private static void note(Committed committed, Set<String> ending, Set<String> touched) {
        var change = committed.change();
        var key = change.key();
        if (key.resource().equals(Resource.NAMESPACE)) {
            if (change.type() == Change.Type.DELETED) {
                ending.remove(key.name());
            } else if (new Meta(change.object()).deleting() && ending.add(key.name())) {
                touched.add(key.name());
            }
        } else if (change.type() == Change.Type.DELETED && ending.contains(key.namespace())) {
            touched.add(key.namespace());
        }
    }

    private void end(Set<String> touched, Set<String> ending) {
        for (var namespace : touched) {
            try {
                if (ended(namespace)) {
                    ending.remove(namespace);
                }
            } catch (Refusal refused) {
                LOG.warn("namespace {} does not end yet: {}", namespace, refused.getMessage());
            }
        }
    }

    private boolean ended(String namespace) throws Refusal {
        for (var resource : objects.catalog().resources()) {
            if (resource.namespaced()) {
                empty(resource, namespace);
            }
        }
        var key = Key.namespace(namespace);
        var stored = store.get(key);
        if (stored.isEmpty()) {
            return true;
        }
        var last = stored.get().object().withoutAt(List.of("spec", "finalizers"));
        var write =
                new Meta(last).finalizers().isEmpty()
                        ? new Write.Remove(key, stored.get().version(), last)
                        : new Write.Put(key, stored.get().version(), last);
        return store.commit(List.of(write), now -> !now.occupied(namespace)).isPresent();
    }

    private void empty(Resource resource, String namespace) throws Refusal {
        for (var object : store.list(resource, namespace).items()) {
            if (!new Meta(object).deleting()) {
                delete(new Key(resource, namespace, new Meta(object).name()));
            }
        }
    }

    private void delete(Key key) throws Refusal {
        try {
            objects.delete(key, Deletion.DEFAULT, MANAGER);
        } catch (Refusal refused) {
            if (!refused.notFound()) {
                throw refused;
            }
        }
    }

    private void sweepEvents() throws Refusal {
        var events = store.list(Resource.EVENT, "").items();
        var oldest = clock.instant().minus(EVENT_AGE_MAX);
        int surplus = events.size() - EVENTS_MAX;
        var byAge = events.stream().sorted(Comparator.comparing(Upkeep::lastSeen)).toList();
        for (int i = 0; i < byAge.size(); i++) {
            var event = byAge.get(i);
            if (i >= surplus && !lastSeen(event).isBefore(oldest)) {
                return;
            }
            delete(new Key(Resource.EVENT, new Meta(event).namespace(), new Meta(event).name()));
        }
    }

    private static Instant lastSeen(Json.Obj event) {
        for (var path :
                List.of(
                        new String[] {"series", "lastObservedTime"},
                        new String[] {"lastTimestamp"},
                        new String[] {"eventTime"},
                        new String[] {"metadata", "creationTimestamp"})) {
            var text = event.text(path);
            if (text.isPresent()) {
                try {
                    return Instant.parse(text.get());
                } catch (DateTimeException _) {
                    // the next field may be readable
                }
            }
        }
        return Instant.EPOCH;
    }

    @Override
    public void close() {
        closed = true;
        ended.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
