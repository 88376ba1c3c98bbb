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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    /** By service, then by revision; the inner maps are never changed, only replaced. */
    private final Map<ServiceId, Map<String, Scaling>> scalings = new ConcurrentHashMap<>();

    private final ScheduledExecutorService ticks;

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
        var known = scalings.getOrDefault(service, Map.of());
        var kept = new LinkedHashMap<String, Scaling>();
        for (var each : steered) {
            var scaling = known.get(each.revision());
            kept.put(each.revision(), scaling == null ? scaling(service, each, before) : scaling);
        }
        if (kept.isEmpty()) {
            scalings.remove(service);
        } else {
            scalings.put(service, kept);
        }
        for (var each : steered) {
            var scaling = Objects.requireNonNull(kept.get(each.revision()), "just put");
            if (scaling.update(each)) {
                scaling.decide(now);
            }
        }
    }

    private Scaling scaling(ServiceId service, Steered steered, List<Scaled> before) {
        var last = before.stream().filter(s -> s.revision().equals(steered.revision())).findFirst();
        return new Scaling(service, steered, last, writer, listener);
    }

    public void forget(ServiceId service) {
        scalings.remove(service);
    }

    public void accept(LoadReport report) {
        var now = clock.instant();
        Set<Scaling> named = HashSet.newHashSet(report.revisions().size());
        for (RevisionLoad load : report.revisions()) {
            var scaling = scalings.getOrDefault(load.service(), Map.of()).get(load.revision());
            if (scaling != null) {
                named.add(scaling);
                if (scaling.record(report.gateway(), load, now)) {
                    scaling.decide(now);
                }
            }
        }
        each(scaling -> {
            if (!named.contains(scaling)) {
                scaling.recordIdle(report.gateway(), now);
            }
        });
    }

    /** The last size given to each revision of a service, and why. */
    public List<Scaled> told(ServiceId service) {
        return scalings.getOrDefault(service, Map.of()).values().stream()
                .flatMap(scaling -> scaling.last().stream())
                .sorted(Comparator.comparing(Scaled::revision))
                .toList();
    }

    private void each(Consumer<Scaling> visit) {
        scalings.values().forEach(revisions -> revisions.values().forEach(visit));
    }

    /** Lets every scaler decide; called by the timer, and by tests that own the clock. */
    void tick() {
        Instant now = clock.instant();
        each(scaling -> scaling.decide(now));
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
