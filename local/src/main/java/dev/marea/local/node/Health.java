package dev.marea.local.node;

import dev.marea.local.work.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Whether one running container has started and is ready, as its probes find. Made anew for every
 * start; touched by its pod's tasks alone, and silent once it has ended.
 */
final class Health implements Prober.Listener {
    /** Who acts on what is found. */
    interface Owner {
        void healthChanged();

        void unhealthy(Prober.Kind kind, String message);

        /** It has to be restarted. */
        void failed(Prober.Kind kind, Duration grace);
    }

    private final ContainerSpec spec;
    private final Duration podGrace;
    private final Actions actions;
    private final Time time;
    private final Executor tasks;
    private final Owner owner;
    private final List<Prober> probers = new ArrayList<>();
    private boolean started;
    private boolean ready;
    private boolean ended;

    Health(
            ContainerSpec spec,
            Duration podGrace,
            Actions actions,
            Time time,
            Executor tasks,
            Owner owner) {
        this.spec = spec;
        this.podGrace = podGrace;
        this.actions = actions;
        this.time = time;
        this.tasks = tasks;
        this.owner = owner;
    }

    boolean started() {
        return started;
    }

    boolean ready() {
        return ready;
    }

    /**
     * @param wasStarted of an adopted container, so that it does not lose its endpoint meanwhile
     */
    void begin(boolean wasStarted, boolean wasReady) {
        ready = wasReady;
        if (!wasStarted && spec.probe(Prober.Kind.STARTUP).isPresent()) {
            ask(Prober.Kind.STARTUP);
        } else {
            hasStarted();
        }
    }

    private void hasStarted() {
        started = true;
        ready = ready || spec.probe(Prober.Kind.READINESS).isEmpty();
        ask(Prober.Kind.READINESS);
        ask(Prober.Kind.LIVENESS);
    }

    private void ask(Prober.Kind kind) {
        spec.probe(kind)
                .ifPresent(probe -> probers.add(Prober.start(kind, probe, actions, time, this)));
    }

    void end() {
        ended = true;
        ready = false;
        started = false;
        probers.forEach(Prober::end);
    }

    /** It is asked to stop: it still runs, but nothing more should come to it. */
    void retire() {
        boolean was = started;
        end();
        started = was;
    }

    @Override
    public void well(Prober.Kind kind) {
        tasks.execute(() -> heardWell(kind));
    }

    private void heardWell(Prober.Kind kind) {
        if (ended) {
            return;
        }
        boolean news =
                switch (kind) {
                    case STARTUP -> !started;
                    case READINESS -> !ready;
                    case LIVENESS -> false;
                };
        if (!news) {
            return;
        }
        if (kind == Prober.Kind.STARTUP) {
            probers.forEach(Prober::end);
            hasStarted();
        } else {
            ready = true;
        }
        owner.healthChanged();
    }

    @Override
    public void unwell(Prober.Kind kind, String message, boolean over) {
        tasks.execute(() -> heardUnwell(kind, message, over));
    }

    private void heardUnwell(Prober.Kind kind, String message, boolean over) {
        if (ended) {
            return;
        }
        owner.unhealthy(kind, message);
        if (!over) {
            return;
        }
        switch (kind) {
            case READINESS -> {
                ready = false;
                owner.healthChanged();
            }
            case STARTUP, LIVENESS -> owner.failed(kind, grace(kind));
        }
    }

    private Duration grace(Prober.Kind kind) {
        var own = spec.probe(kind).orElseThrow().graceSeconds();
        return own.isPresent() ? Duration.ofSeconds(own.getAsLong()) : podGrace;
    }
}
