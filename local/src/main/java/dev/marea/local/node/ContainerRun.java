package dev.marea.local.node;

import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One container of a pod: started, probed, restarted, ended. Its state is touched by its pod's
 * tasks alone.
 */
final class ContainerRun implements Health.Owner {
    private final Machine machine;
    private final PodRunner pod;
    private final ContainerSpec spec;
    private final boolean init;
    private final Restarts restarting;
    private final ContainerEvents events;

    private ContainerState state;
    private Optional<ContainerState.Ended> last = Optional.empty();
    private Optional<Body> body = Optional.empty();
    private boolean begun;
    private boolean over;
    private boolean killedByUs;
    private int restarts;
    private long killsBefore;
    private Time.Alarm alarm = Time.Alarm.NONE;

    ContainerRun(
            Machine machine, PodRunner pod, ContainerSpec spec, boolean init, boolean afterInit) {
        this.machine = machine;
        this.pod = pod;
        this.spec = spec;
        this.init = init;
        this.restarting = new Restarts(init, spec.stays());
        this.events = ContainerEvents.of(machine.events(), pod::spec, spec, init);
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
        return body.filter(Body::ready).isPresent();
    }

    private Optional<Health> health() {
        return body.flatMap(Body::health);
    }

    boolean hasRun() {
        return begun && (running() || last.isPresent() || state instanceof ContainerState.Ended);
    }

    // ---- start

    void start() {
        begun = true;
        alarm.cancel();
        try {
            // What cannot start leaves no trace on disk.
            var prepared = pod.preparation().prepare(spec, restarts);
            machine.logs().begin(pod.directory(), spec.name(), restarts);
            Files.deleteIfExists(pod.directory().terminationLog(spec.name()));
            launch(prepared);
            restarting.started();
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
            case Preparation.Prepared.Launched(var launch, _) ->
                    runs(machine.children().start(launch), prepared);
            case Preparation.Prepared.Step step -> runs(step);
        }
        events.started();
    }

    private void runs(Child child, Preparation.Prepared prepared) {
        runs(child, prepared, machine.time().now()).begin(false, false);
        spec.postStart()
                .ifPresent(hook ->
                        Hook.run(
                                hook,
                                prepared.actions(),
                                pod.spec().grace(),
                                message -> pod.post(() -> postStartFailed(child, message)),
                                () -> {}));
    }

    private Health runs(Child child, Preparation.Prepared prepared, Instant since) {
        var health =
                new Health(
                        spec,
                        pod.spec().grace(),
                        prepared.actions(),
                        machine.time(),
                        pod::post,
                        this);
        body = Optional.of(new Body.Running(child, prepared, health));
        state = new ContainerState.Running(since);
        var _ = child.ended().thenAccept(code -> pod.post(() -> exited(child, code)));
        return health;
    }

    private void runs(Preparation.Prepared.Step step) {
        state = new ContainerState.Running(machine.time().now());
        body =
                Optional.of(
                        Body.Step.start(
                                machine.steps(),
                                step,
                                spec.name(),
                                pod::note,
                                (code, failure) -> pod.post(() -> ended(code, failure))));
    }

    private void postStartFailed(Child child, String message) {
        events.postStartFailed(message);
        child.kill();
    }

    private void block(Blocked blocked) {
        state = new ContainerState.Waiting(blocked.reason(), blocked.message());
        events.blocked(blocked);
        alarm = machine.time().after(restarting.pauseWhileBlocked(), () -> pod.post(this::retry));
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
        var status = pod.spec().statusOf(spec.name()).orElse(Json.Obj.EMPTY);
        var earlier = Earlier.find(machine.children(), pod.directory(), status, spec.name());
        restarts = earlier.restart();
        if (earlier.child().isPresent()) {
            return takeOver(earlier.child().get(), earlier);
        }
        last = earlier.lost(machine.time().now());
        if (init && earlier.done().isPresent()) {
            begun = true;
            over = true;
            state = earlier.done().get();
        }
        return false;
    }

    private boolean takeOver(Child child, Earlier earlier) throws IOException {
        try {
            var prepared = pod.preparation().prepare(spec, restarts);
            killsBefore = Groups.kills(Preparation.group(prepared));
            machine.logs().follow(pod.directory().log(spec.name(), restarts));
            begun = true;
            runs(child, prepared, earlier.since(machine.time().now()))
                    .begin(earlier.wasStarted(), earlier.wasReady());
            return true;
        } catch (Blocked lacking) {
            // what it was started with is gone, and nobody could probe it; it starts anew later
            child.kill();
            restarts++;
            return false;
        }
    }

    // ---- health

    @Override
    public void healthChanged() {
        pod.changed();
    }

    @Override
    public void unhealthy(Prober.Kind kind, String message) {
        events.unhealthy(kind, message);
    }

    @Override
    public void failed(Prober.Kind kind, Duration grace) {
        events.endsUnhealthy(kind);
        stop(grace);
    }

    // ---- end

    private void exited(Child child, OptionalInt code) {
        if (body.isPresent()
                && body.get() instanceof Body.Running(var mine, _, _)
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
        health().ifPresent(Health::end);
        body = Optional.empty();
        alarm.cancel();
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
        if (!pod.ending() && restarting.again(pod.spec().restartPolicy(), ended.exitCode())) {
            restart(ended);
        } else {
            over = true;
        }
        pod.changed();
    }

    private boolean outOfMemory(OptionalInt code, Preparation.Prepared prepared) {
        return code.orElse(0) == Signals.KILLED
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

    private void restart(ContainerState.Ended ended) {
        last = Optional.of(ended);
        var pause = restarting.pauseAfter(ended);
        if (pause.isZero()) {
            pod.post(this::startAgain);
            return;
        }
        state =
                new ContainerState.Waiting(
                        "CrashLoopBackOff",
                        "back-off %ds restarting failed container=%s pod=%s"
                                .formatted(pause.toSeconds(), spec.name(), events.who()));
        events.backsOff();
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
        events.stopping();
        stop(grace);
    }

    void kill() {
        if (body.isPresent()) {
            killedByUs = true;
            body.get().kill();
        }
    }

    private void stop(Duration grace) {
        killedByUs = true;
        switch (body.orElseThrow()) {
            case Body.Step step -> step.kill();
            case Body.Running process -> stop(process, grace);
        }
        pod.changed();
    }

    private void stop(Body.Running process, Duration grace) {
        var child = process.child();
        process.probed().retire();
        alarm.cancel();
        alarm = machine.time().after(grace, () -> pod.post(child::kill));
        spec.preStop()
                .ifPresentOrElse(
                        hook ->
                                Hook.run(
                                        hook,
                                        process.prepared().actions(),
                                        grace,
                                        events::preStopFailed,
                                        () -> pod.post(() -> terminate(child))),
                        child::terminate);
    }

    private static void terminate(Child child) {
        if (child.alive()) {
            child.terminate();
        }
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
                        init ? succeeded() : ready(),
                        "started",
                        running() && health().map(Health::started).orElse(true),
                        "restartCount",
                        restarts,
                        "state",
                        state.json(),
                        "lastState",
                        last.map(ContainerState::json).orElse(Json.Obj.EMPTY));
        return body.orElse(null) instanceof Body.Running(var child, _, _)
                ? status.with("containerID", Json.of("marea://" + child.pid()))
                : status;
    }
}
