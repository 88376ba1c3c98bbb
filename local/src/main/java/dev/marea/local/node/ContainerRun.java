package dev.marea.local.node;

import dev.marea.local.objects.Resource;
import dev.marea.local.work.Meta;
import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One container of a pod: started, probed, restarted, ended. Its state is touched by its pod's
 * tasks alone.
 */
final class ContainerRun implements Prober.Listener {
    private static final Duration BLOCKED_MIN = Duration.ofSeconds(1);
    private static final Duration BLOCKED_MAX = Duration.ofSeconds(20);
    private static final int KILLED = 128 + Signals.KILL;

    private final Machine machine;
    private final PodRunner pod;
    private final ContainerSpec spec;
    private final boolean init;
    private final Backoff backoff = new Backoff();
    private final List<Prober> probers = new ArrayList<>();

    private ContainerState state;
    private Optional<ContainerState.Ended> last = Optional.empty();
    private Optional<Body> body = Optional.empty();
    private boolean begun;
    private boolean over;
    private boolean started;
    private boolean ready;
    private boolean killedByUs;
    private int restarts;
    private long killsBefore;
    private Duration blockedPause = BLOCKED_MIN;
    private Time.Alarm alarm = Time.Alarm.NONE;

    /** What a running container is made of. */
    private sealed interface Body {
        Preparation.Prepared prepared();

        record Process(Child child, Preparation.Prepared prepared) implements Body {}

        record Step(Thread thread, Preparation.Prepared prepared) implements Body {}
    }

    ContainerRun(
            Machine machine, PodRunner pod, ContainerSpec spec, boolean init, boolean afterInit) {
        this.machine = machine;
        this.pod = pod;
        this.spec = spec;
        this.init = init;
        this.state =
                new ContainerState.Waiting(afterInit ? "PodInitializing" : "ContainerCreating", "");
    }

    ContainerSpec spec() {
        return spec;
    }

    boolean begun() {
        return begun;
    }

    boolean running() {
        return body.isPresent();
    }

    /** It has ended and will not be started again. */
    boolean over() {
        return over;
    }

    boolean succeeded() {
        return over && state instanceof ContainerState.Ended ended && ended.exitCode() == 0;
    }

    boolean ready() {
        return ready;
    }

    boolean hasRun() {
        return begun && (running() || last.isPresent() || state instanceof ContainerState.Ended);
    }

    // ---- start

    void start() {
        begun = true;
        alarm.cancel();
        try {
            machine.logs().begin(pod.directory(), spec.name(), restarts);
            Files.deleteIfExists(pod.directory().terminationLog(spec.name()));
            launch(pod.preparation().prepare(spec, restarts));
            blockedPause = BLOCKED_MIN;
        } catch (Blocked blocked) {
            block(blocked);
        } catch (IOException failed) {
            block(new Blocked("RunContainerError", String.valueOf(failed.getMessage())));
        }
        pod.changed();
    }

    private void launch(Preparation.Prepared prepared) throws IOException {
        killedByUs = false;
        killsBefore = Groups.kills(Preparation.group(prepared));
        switch (prepared) {
            case Preparation.Prepared.Process(var launch, _) ->
                    runs(machine.children().start(launch), prepared, machine.time().now());
            case Preparation.Prepared.Step step -> runStep(step);
        }
        tell(false, "Created", "Created container: " + spec.name());
        tell(false, "Started", "Started container " + spec.name());
    }

    private void runs(Child child, Preparation.Prepared prepared, Instant since) {
        body = Optional.of(new Body.Process(child, prepared));
        state = new ContainerState.Running(since);
        child.ended().thenAccept(code -> pod.post(() -> exited(child, code)));
        spec.postStart().ifPresent(hook -> postStart(child, hook, prepared.actions()));
        probe(prepared.actions());
    }

    private void runStep(Preparation.Prepared.Step step) {
        state = new ContainerState.Running(machine.time().now());
        started = true;
        var thread = Thread.ofVirtual().name("step " + spec.name()).unstarted(() -> step(step));
        body = Optional.of(new Body.Step(thread, step));
        thread.start();
    }

    private void step(Preparation.Prepared.Step step) {
        var failure = "";
        int code = 0;
        try {
            machine.steps().run(step.image(), step.args(), step.log());
        } catch (IOException | RuntimeException failed) {
            failure = failed.getMessage() == null ? failed.toString() : failed.getMessage();
            code = 1;
        } catch (InterruptedException _) {
            failure = "interrupted, since its pod ends";
            code = KILLED;
        }
        var exit = OptionalInt.of(code);
        var message = failure;
        pod.post(() -> ended(exit, message));
    }

    private void postStart(Child child, Json hook, Actions actions) {
        Thread.startVirtualThread(() -> {
            try {
                actions.perform(Probe.Action.of(hook), pod.grace())
                        .ifPresent(message -> pod.post(() -> postStartFailed(child, message)));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void postStartFailed(Child child, String message) {
        tell(true, "FailedPostStartHook", "PostStartHook failed: " + message);
        child.kill();
    }

    private void block(Blocked blocked) {
        state = new ContainerState.Waiting(blocked.reason(), blocked.message());
        tell(true, "Failed", "Error: " + blocked.message());
        alarm = machine.time().after(blockedPause, () -> pod.post(this::retry));
        var doubled = blockedPause.multipliedBy(2);
        blockedPause = doubled.compareTo(BLOCKED_MAX) < 0 ? doubled : BLOCKED_MAX;
    }

    /** What it lacked may be there now. */
    void retry() {
        if (begun
                && !running()
                && !over
                && !pod.ending()
                && state instanceof ContainerState.Waiting waiting
                && !waiting.reason().equals("CrashLoopBackOff")) {
            start();
        }
    }

    // ---- adopt

    /** Takes over a child that an earlier platform started; true if there is one. */
    boolean adopt() throws IOException {
        var pids = pod.directory().running();
        for (var file : files(pids)) {
            var name = String.valueOf(file.getFileName());
            int dot = name.lastIndexOf('.');
            if (!name.substring(0, Math.max(dot, 0)).equals(spec.name())) {
                continue;
            }
            int restart = Integer.parseInt(name.substring(dot + 1));
            var child = machine.children().adopt(file);
            if (child.isPresent()) {
                restarts = restart;
                takeOver(child.get());
                return true;
            }
            Files.deleteIfExists(file);
            restarts = Math.max(restarts, restart + 1);
        }
        pod.spec().statusOf(spec.name()).ifPresent(this::remember);
        return false;
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    private void remember(Json status) {
        long counted = status.integer("restartCount").orElse(0);
        boolean ran =
                status.at("state", "running").isPresent()
                        || status.at("state", "terminated").isPresent()
                        || status.at("lastState", "terminated").isPresent();
        restarts = Math.max(restarts, (int) (ran ? counted + 1 : counted));
        if (init && status.integer("state", "terminated", "exitCode").orElse(-1) == 0) {
            begun = true;
            over = true;
            var at =
                    Meta.instant(status.text("state", "terminated", "startedAt"))
                            .orElse(Instant.EPOCH);
            var end = Meta.instant(status.text("state", "terminated", "finishedAt")).orElse(at);
            state = new ContainerState.Ended(0, "Completed", "", at, end);
        }
    }

    private void takeOver(Child child) throws IOException {
        begun = true;
        var status = pod.spec().statusOf(spec.name()).orElse(Json.Obj.EMPTY);
        started = status.flag("started");
        ready = status.flag("ready");
        var log = pod.directory().log(spec.name(), restarts);
        machine.logs().follow(log);
        var since =
                Meta.instant(status.text("state", "running", "startedAt"))
                        .orElse(machine.time().now());
        try {
            var prepared = pod.preparation().prepare(spec, restarts);
            killsBefore = Groups.kills(Preparation.group(prepared));
            runs(child, prepared, since);
        } catch (Blocked blocked) {
            // what it was started with is gone; it runs, but cannot be probed as it was
            child.kill();
            throw new IOException(blocked.message());
        }
    }

    // ---- probes

    private void probe(Actions actions) {
        var startup = spec.probe("startupProbe");
        if (started || startup.isEmpty()) {
            probeStarted(actions);
        } else {
            probers.add(
                    Prober.start(
                            Prober.Kind.STARTUP, startup.get(), actions, machine.time(), this));
        }
    }

    private void probeStarted(Actions actions) {
        started = true;
        var readiness = spec.probe("readinessProbe");
        ready = ready || readiness.isEmpty();
        readiness.ifPresent(probe ->
                probers.add(
                        Prober.start(Prober.Kind.READINESS, probe, actions, machine.time(), this)));
        spec.probe("livenessProbe")
                .ifPresent(probe ->
                        probers.add(
                                Prober.start(
                                        Prober.Kind.LIVENESS,
                                        probe,
                                        actions,
                                        machine.time(),
                                        this)));
    }

    private void endProbes() {
        probers.forEach(Prober::end);
        probers.clear();
    }

    @Override
    public void well(Prober.Kind kind) {
        var asked = body;
        pod.post(() -> {
            if (asked.equals(body) && body.isPresent()) {
                heardWell(kind, body.get().prepared().actions());
            }
        });
    }

    private void heardWell(Prober.Kind kind, Actions actions) {
        switch (kind) {
            case STARTUP -> {
                if (!started) {
                    endProbes();
                    probeStarted(actions);
                    pod.changed();
                }
            }
            case READINESS -> {
                if (!ready) {
                    ready = true;
                    pod.changed();
                }
            }
            case LIVENESS -> {}
        }
    }

    @Override
    public void unwell(Prober.Kind kind, String message, boolean over) {
        pod.post(() -> heardUnwell(kind, message, over));
    }

    private void heardUnwell(Prober.Kind kind, String message, boolean threshold) {
        if (!running() || pod.ending() || probers.isEmpty()) {
            return;
        }
        tell(true, "Unhealthy", kind.title() + " probe failed: " + message);
        if (!threshold) {
            return;
        }
        switch (kind) {
            case READINESS -> {
                ready = false;
                pod.changed();
            }
            case STARTUP, LIVENESS -> {
                tell(
                        false,
                        "Killing",
                        "Container %s failed %s probe, will be restarted"
                                .formatted(
                                        spec.name(),
                                        kind.title().toLowerCase(java.util.Locale.ROOT)));
                var field = kind == Prober.Kind.STARTUP ? "startupProbe" : "livenessProbe";
                var grace =
                        spec.probe(field)
                                .map(Probe::graceSeconds)
                                .orElse(java.util.OptionalLong.empty());
                stop(grace.isPresent() ? Duration.ofSeconds(grace.getAsLong()) : pod.grace());
            }
        }
    }

    // ---- end

    private void exited(Child child, OptionalInt code) {
        if (body.isPresent()
                && body.get() instanceof Body.Process(var mine, _)
                && mine.equals(child)) {
            if (child.leadsGroup()) {
                child.kill(); // what it started and did not wait for
            }
            ended(code, "");
        }
    }

    private void ended(OptionalInt code, String message) {
        if (body.isEmpty() || !(state instanceof ContainerState.Running(var since))) {
            return;
        }
        var prepared = body.get().prepared();
        body = Optional.empty();
        alarm.cancel();
        endProbes();
        started = false;
        ready = false;
        var ended =
                new Epilogue(pod.directory(), spec, restarts)
                        .tell(
                                code,
                                message,
                                since,
                                machine.time().now(),
                                outOfMemory(code, prepared));
        state = ended;
        machine.logs().end(pod.directory().log(spec.name(), restarts));
        Groups.remove(Preparation.group(prepared));
        forgetPid();
        if (!pod.ending() && again(ended)) {
            restart(ended);
        } else {
            over = true;
        }
        pod.changed();
    }

    private boolean outOfMemory(OptionalInt code, Preparation.Prepared prepared) {
        return code.orElse(0) == KILLED
                && !killedByUs
                && Groups.kills(Preparation.group(prepared)) > killsBefore;
    }

    private void forgetPid() {
        try {
            Files.deleteIfExists(pod.directory().pid(spec.name(), restarts));
        } catch (IOException _) {
            // it names a process that has ended; whoever finds it will see that
        }
    }

    private boolean again(ContainerState.Ended ended) {
        if (spec.stays()) {
            return true;
        }
        boolean failed = ended.exitCode() != 0;
        return switch (pod.spec().restartPolicy()) {
            case "Never" -> false;
            case "OnFailure" -> failed;
            default -> failed || !init;
        };
    }

    private void restart(ContainerState.Ended ended) {
        last = Optional.of(ended);
        var pause = backoff.pause(ended.started(), ended.finished());
        if (pause.isZero()) {
            pod.post(this::startAgain);
            return;
        }
        var meta = pod.spec().meta();
        var who =
                "%s in pod %s_%s(%s)"
                        .formatted(spec.name(), meta.name(), meta.namespace(), meta.uid());
        state =
                new ContainerState.Waiting(
                        "CrashLoopBackOff",
                        "back-off %ds restarting failed container=%s"
                                .formatted(pause.toSeconds(), who.replace(" in pod ", " pod=")));
        tell(true, "BackOff", "Back-off restarting failed container " + who);
        alarm = machine.time().after(pause, () -> pod.post(this::startAgain));
    }

    private void startAgain() {
        if (!running() && !over && !pod.ending()) {
            restarts++;
            start();
        }
    }

    /** The pod ends: asks it to stop, and sees to it after the grace period. */
    void end(Duration grace) {
        alarm.cancel();
        if (body.isEmpty()) {
            over = true;
            return;
        }
        tell(false, "Killing", "Stopping container " + spec.name());
        stop(grace);
    }

    void kill() {
        body.ifPresent(this::kill);
    }

    private void kill(Body running) {
        killedByUs = true;
        switch (running) {
            case Body.Process(var child, _) -> child.kill();
            case Body.Step(var thread, _) -> thread.interrupt();
        }
    }

    private void stop(Duration grace) {
        endProbes();
        ready = false;
        killedByUs = true;
        switch (body.orElseThrow()) {
            case Body.Step(var thread, _) -> thread.interrupt();
            case Body.Process process -> {
                alarm.cancel();
                alarm = machine.time().after(grace, () -> pod.post(process.child()::kill));
                spec.preStop()
                        .ifPresentOrElse(
                                hook -> preStop(process, hook, grace), process.child()::terminate);
            }
        }
        pod.changed();
    }

    private void preStop(Body.Process process, Json hook, Duration grace) {
        Thread.startVirtualThread(() -> {
            try {
                process.prepared()
                        .actions()
                        .perform(Probe.Action.of(hook), grace)
                        .ifPresent(
                                m -> tell(true, "FailedPreStopHook", "PreStopHook failed: " + m));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            pod.post(() -> {
                if (process.child().alive()) {
                    process.child().terminate();
                }
            });
        });
    }

    private void tell(boolean warning, String reason, String message) {
        var field = init ? "spec.initContainers{" : "spec.containers{";
        machine.events()
                .tell(
                        Resource.POD,
                        pod.spec().pod(),
                        field + spec.name() + "}",
                        warning,
                        reason,
                        message);
    }

    // ---- status

    Json.Obj status() {
        var status =
                Json.Obj.of(
                        "name",
                        spec.name(),
                        "image",
                        spec.image(),
                        "imageID",
                        "",
                        "ready",
                        init ? succeeded() : ready,
                        "started",
                        started,
                        "restartCount",
                        restarts,
                        "state",
                        state.json(),
                        "lastState",
                        last.map(ContainerState::json).orElse(Json.Obj.EMPTY));
        return switch (body.orElse(null)) {
            case Body.Process(var child, _) ->
                    status.with("containerID", Json.of("marea://" + child.pid()));
            case Body.Step _ -> status;
            case null -> status;
        };
    }
}
