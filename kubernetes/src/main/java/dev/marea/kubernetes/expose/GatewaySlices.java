package dev.marea.kubernetes.expose;

import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.objects.GatewayDoors;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.PredictorService;
import dev.marea.kubernetes.objects.Settled;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the slices of all services pointing at the gateways that are there. A gateway that goes is
 * taken out at once; those that come are gathered for a moment, because a rollout brings several.
 * Only slices that differ are written, a few at a time.
 */
final class GatewaySlices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewaySlices.class);
    private static final int WRITES_AT_ONCE = 16;
    private static final Duration GATHER = Duration.ofMillis(250);
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);
    private static final List<String> FAMILIES = List.of("IPv4", "IPv6");

    private final Slices slices;
    private final Map<ServiceId, Kept> kept = new ConcurrentHashMap<>();

    /** What was written and has not come back yet, by name: the digest of what was asked for. */
    private final Map<String, String> sent = new ConcurrentHashMap<>();

    private final Semaphore writes = new Semaphore(WRITES_AT_ONCE);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private boolean due;
    private boolean urgent;
    private volatile GatewayDoors doors = GatewayDoors.NONE;
    private volatile boolean closed;

    /** The slices that stand, and the hand that writes them. */
    interface Slices {
        Optional<Json.Obj> live(String namespace, String name);

        void apply(String namespace, Json.Obj wanted) throws IOException;
    }

    private record Kept(PredictorService service, String uid) {
        ServiceId id() {
            var subject = service.subject();
            return new ServiceId(subject.namespace(), subject.name());
        }
    }

    GatewaySlices(Slices slices) {
        this.slices = slices;
    }

    void start() {
        Thread.ofVirtual().name("marea-slices").start(this::sweepWhenDue);
    }

    /** The gateways that take requests from now on. */
    void point(GatewayDoors now) {
        var before = doors;
        if (now.equals(before)) {
            return;
        }
        doors = now;
        LOG.info("{} gateways take requests, {} did", now.doors().size(), before.doors().size());
        wake(!now.doors().containsAll(before.doors()));
    }

    boolean anyDoor() {
        return !doors.doors().isEmpty();
    }

    /**
     * Writes the slices of a service now, and again whenever gateways change.
     *
     * @param uid of its Service
     */
    void keep(PredictorService service, String uid) throws IOException {
        var entry = new Kept(service, uid);
        kept.put(entry.id(), entry);
        write(entry);
    }

    void drop(ServiceId service) {
        kept.remove(service);
    }

    /** A slice is there or gone, by our hand or another's. */
    void seen(String namespace, String name) {
        sent.remove(namespace + "/" + name);
        var entry = PredictorService.ofSlice(name).map(s -> kept.get(new ServiceId(namespace, s)));
        if (entry.isPresent() && !differing(entry.get()).isEmpty()) {
            wake(true);
        }
    }

    private void wake(boolean now) {
        lock.lock();
        try {
            due = true;
            urgent |= now;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void sweepWhenDue() {
        var pause = RETRY_FIRST;
        try {
            while (!closed) {
                await();
                if (sweep()) {
                    pause = RETRY_FIRST;
                } else {
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                    pause = pause.multipliedBy(2);
                    pause = pause.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : pause;
                    wake(true);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void await() throws InterruptedException {
        lock.lock();
        try {
            while (!due && !closed) {
                news.await();
            }
            long left = GATHER.toNanos();
            while (!urgent && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            due = false;
            urgent = false;
        } finally {
            lock.unlock();
        }
    }

    /** False if some could not be written. */
    private boolean sweep() throws InterruptedException {
        var whole = new AtomicBoolean(true);
        for (var entry : kept.values()) {
            if (closed) {
                return true;
            }
            if (differing(entry).isEmpty()) {
                continue;
            }
            writes.acquire();
            threads.execute(() -> {
                try {
                    // Dropped meanwhile: its Service may be gone, and the slice with it.
                    if (kept.containsKey(entry.id())) {
                        write(entry);
                    }
                } catch (IOException | RuntimeException failed) {
                    whole.set(false);
                    LOG.warn(
                            "the gateways of {} could not be written and will be: {}",
                            entry.id(),
                            failed.getMessage());
                } finally {
                    writes.release();
                }
            });
        }
        writes.acquire(WRITES_AT_ONCE);
        writes.release(WRITES_AT_ONCE);
        return whole.get();
    }

    private void write(Kept entry) throws IOException {
        for (var wanted : differing(entry)) {
            slices.apply(entry.id().namespace(), wanted);
            sent.put(key(wanted), stamp(wanted));
        }
    }

    private List<Json.Obj> differing(Kept entry) {
        var now = doors;
        var different = new ArrayList<Json.Obj>();
        for (var family : FAMILIES) {
            var live = slices.live(entry.id().namespace(), entry.service().sliceName(family));
            var some = now.of(family);
            if (live.isEmpty() && some.isEmpty()) {
                continue;
            }
            var wanted = entry.service().slice(entry.uid(), family, some);
            var known = Objects.equals(sent.get(key(wanted)), stamp(wanted));
            if (!known && live.filter(l -> stands(l, wanted)).isEmpty()) {
                different.add(wanted);
            }
        }
        return different;
    }

    private static String key(Json.Obj slice) {
        return slice.text("metadata", "namespace").orElse("")
                + "/"
                + slice.text("metadata", "name").orElse("");
    }

    private static String stamp(Json.Obj slice) {
        return slice.text("metadata", "annotations", Names.APPLIED).orElse("");
    }

    private static boolean stands(Json.Obj live, Json.Obj wanted) {
        return Settled.in(live, wanted)
                && live.list("endpoints").size() == wanted.list("endpoints").size();
    }

    @Override
    public void close() {
        closed = true;
        wake(true);
        threads.shutdown();
    }
}
