package dev.marea.kubernetes.scaling;

import dev.marea.core.plan.ServiceStatus.Scaled;
import dev.marea.core.scale.Decision;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.scale.RevisionScaler;
import dev.marea.core.scale.RevisionScaler.Observed;
import dev.marea.core.scale.ScaleSettings;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.scaling.ScalingLoop.Seen;
import dev.marea.kubernetes.scaling.ScalingLoop.Steered;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scaling of one revision: at most one write is under way at any time. */
public final class Scaling {
    private static final Logger LOG = LoggerFactory.getLogger(Scaling.class);

    /** Sets a Deployment's replicas; the answer is the Scale now in force. */
    public interface Writer {
        CompletableFuture<Json.Obj> scale(String namespace, String deployment, int replicas);
    }

    /** Hears of every size that was really given. */
    public interface Listener {
        void scaled(ServiceId service, int from, Scaled now);
    }

    private final ServiceId service;
    private final String revision;
    private final RevisionScaler scaler;
    private final Writer writer;
    private final Listener listener;
    private Component component;
    private Seen seen;
    private Optional<Scaled> last;
    private boolean writing;
    private boolean again;

    Scaling(
            ServiceId service,
            Steered first,
            Optional<Scaled> last,
            Writer writer,
            Listener listener) {
        this.service = service;
        this.revision = first.revision();
        this.scaler = new RevisionScaler(ScaleSettings.of(first.component()));
        this.component = first.component();
        this.seen = first.seen();
        this.last = last;
        this.writer = writer;
        this.listener = listener;
    }

    /** Takes newer facts; true when the size now breaks the bounds. */
    synchronized boolean update(Steered now) {
        if (!now.component().equals(component)) {
            component = now.component();
            scaler.settings(ScaleSettings.of(component));
        }
        if (now.seen().version() >= seen.version()) {
            seen = now.seen();
        } else {
            seen =
                    new Seen(
                            seen.asked(),
                            now.seen().ready(),
                            now.seen().reachable(),
                            seen.version());
        }
        return component.scale().clamp(seen.asked()) != seen.asked();
    }

    /** True when nothing runs for a request that waits. */
    synchronized boolean record(String gateway, RevisionLoad load, Instant now) {
        return scaler.record(gateway, load, now) || (load.waiting() > 0 && seen.asked() == 0);
    }

    void recordIdle(String gateway, Instant now) {
        scaler.recordIdle(gateway, now);
    }

    synchronized Optional<Scaled> last() {
        return last;
    }

    synchronized void decide(Instant now) {
        if (writing) {
            again = true;
            return;
        }
        var decision =
                scaler.decide(new Observed(seen.asked(), seen.ready(), seen.reachable()), now);
        switch (decision) {
            case Decision.Keep _ -> {}
            case Decision.Resize(int replicas, var why) -> write(replicas, why, now);
            case Decision.Wake(int replicas, var why) -> write(replicas, why, now);
            case Decision.Sleep(var why) -> write(0, why, now);
        }
    }

    private void write(int replicas, String why, Instant now) {
        writing = true;
        again = false;
        var given = new Scaled(revision, replicas, why, now);
        var _ =
                writer.scale(service.namespace(), revision, replicas)
                        .whenComplete((scale, failed) -> written(given, scale, failed));
    }

    private void written(Scaled given, Json.Obj scale, Throwable failed) {
        int before;
        boolean decideAgain;
        synchronized (this) {
            writing = false;
            before = seen.asked();
            decideAgain = again && failed == null;
            if (failed == null) {
                seen = new Seen(given.replicas(), seen.ready(), seen.reachable(), version(scale));
                last = Optional.of(given);
            }
        }
        if (failed != null) {
            LOG.warn(
                    "{} revision {}: {} replicas were wanted ({}), but {}; the next step tries again",
                    service,
                    revision,
                    given.replicas(),
                    given.reason(),
                    Api.failure(failed).getMessage());
            return;
        }
        LOG.info(
                "{} revision {}: {} -> {} replicas, because {}",
                service,
                revision,
                before,
                given.replicas(),
                given.reason());
        listener.scaled(service, before, given);
        if (decideAgain) {
            decide(given.time());
        }
    }

    private long version(Json.Obj scale) {
        return scale.text("metadata", "resourceVersion")
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(seen.version());
    }
}
