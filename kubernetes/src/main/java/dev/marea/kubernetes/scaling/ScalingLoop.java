package dev.marea.kubernetes.scaling;

import dev.marea.core.plan.ServiceStatus.Scaled;
import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.scale.RevisionScaler;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.ServiceId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One scaler for every revision that is ours to scale. Reports feed them; they decide every two
 * seconds, and at once when a request waits and no replica is asked for. That decision is written
 * straight from the report's thread, without waiting for its answer and past the queue of
 * reconciliations.
 */
public final class ScalingLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScalingLoop.class);

    private final InstantSource clock;
    private final Scaling.Writer writer;
    private final Scaling.Listener listener;
    private final Map<Key, Scaling> scalings = new ConcurrentHashMap<>();
    private final ScheduledExecutorService ticks;

    record Key(ServiceId service, String revision) {}

    /** A revision that is ours to scale, as its plan and its Deployment are now. */
    public record Steered(String revision, Component component, Seen seen) {}

    /**
     * What a Deployment says.
     *
     * @param version its resourceVersion, so that older news does not undo what we wrote since
     */
    public record Seen(int asked, int ready, boolean reachable, long version) {}

    public ScalingLoop(InstantSource clock, Scaling.Writer writer, Scaling.Listener listener) {
        this.clock = clock;
        this.writer = writer;
        this.listener = listener;
        this.ticks =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("marea-scaling").factory());
    }

    public void start() {
        long tick = RevisionScaler.TICK.toMillis();
        var _ = ticks.scheduleWithFixedDelay(this::tickSafely, tick, tick, TimeUnit.MILLISECONDS);
    }

    /**
     * Says which revisions of a service are to be scaled; others are left alone from now on.
     *
     * @param before what a status remembers, for revisions that are new here
     */
    public void steer(ServiceId service, List<Steered> steered, List<Scaled> before) {
        var now = clock.instant();
        var kept = new HashSet<String>();
        for (var each : steered) {
            kept.add(each.revision());
            var key = new Key(service, each.revision());
            var scaling =
                    scalings.computeIfAbsent(
                            key,
                            _ ->
                                    new Scaling(
                                            service,
                                            each,
                                            before.stream()
                                                    .filter(s ->
                                                            s.revision().equals(key.revision()))
                                                    .findFirst(),
                                            writer,
                                            listener));
            if (scaling.update(each)) {
                scaling.decide(now);
            }
        }
        scalings.keySet()
                .removeIf(k -> k.service().equals(service) && !kept.contains(k.revision()));
    }

    public void forget(ServiceId service) {
        scalings.keySet().removeIf(k -> k.service().equals(service));
    }

    public void accept(LoadReport report) {
        var now = clock.instant();
        Set<Key> named = HashSet.newHashSet(report.revisions().size());
        for (RevisionLoad load : report.revisions()) {
            var key = new Key(load.service(), load.revision());
            named.add(key);
            var scaling = scalings.get(key);
            if (scaling != null && scaling.record(report.gateway(), load, now)) {
                scaling.decide(now);
            }
        }
        scalings.forEach((key, scaling) -> {
            if (!named.contains(key)) {
                scaling.recordIdle(report.gateway(), now);
            }
        });
    }

    /** The last size given to each revision of a service, and why. */
    public List<Scaled> told(ServiceId service) {
        return scalings.entrySet().stream()
                .filter(e -> e.getKey().service().equals(service))
                .flatMap(e -> e.getValue().last().stream())
                .sorted(Comparator.comparing(Scaled::revision))
                .toList();
    }

    /** Lets every scaler decide; called by the timer, and by tests that own the clock. */
    void tick() {
        Instant now = clock.instant();
        scalings.values().forEach(scaling -> scaling.decide(now));
    }

    private void tickSafely() {
        try {
            tick();
        } catch (RuntimeException bug) {
            // A timer that throws is never called again; the next tick may well succeed.
            LOG.error("a scaling step failed", bug);
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
    }
}
