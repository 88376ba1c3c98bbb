package dev.marea.local.node;

import dev.marea.local.work.Serial;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one pod true: admitted, its volumes made, init containers one by one, then all containers,
 * until it is to end. Everything happens in tasks of one queue, so there is no lock; whatever takes
 * time runs elsewhere and posts what came of it.
 */
final class PodRunner {
    private static final Logger LOG = LoggerFactory.getLogger(PodRunner.class);
    private static final Duration FORCED_GRACE = Duration.ofSeconds(2);

    private final Machine machine;
    private final Serial serial;
    private final StatusWriter writer;
    private final PodDirectory directory;
    private final Lodging lodging;
    private final List<ContainerRun> inits = new ArrayList<>();
    private final List<ContainerRun> containers = new ArrayList<>();
    private final Map<String, String> notes = new TreeMap<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private volatile PodSpec spec;
    private volatile boolean ending;
    private boolean platformEnds;
    private boolean endBegun;
    private boolean finished;

    PodRunner(Machine machine, PodSpec spec) {
        this.machine = machine;
        this.spec = spec;
        this.serial = new Serial("pod " + spec.meta().name());
        this.writer = new StatusWriter(machine, spec);
        this.directory = PodDirectory.of(machine.settings().home(), spec.meta());
        this.lodging = new Lodging(machine, directory, () -> post(this::changed));
        this.finished = spec.finished();
        var initSpecs = spec.inits();
        initSpecs.forEach(c -> inits.add(new ContainerRun(machine, this, c, true, true)));
        spec.containers()
                .forEach(c ->
                        containers.add(
                                new ContainerRun(machine, this, c, false, !initSpecs.isEmpty())));
    }

    // ---- what others tell it

    void begin() {
        post(() -> {
            if (!finished && Files.isDirectory(directory.root())) {
                adopt();
            }
            changed();
        });
    }

    /** The object is now like this. */
    void observe(PodSpec now) {
        post(() -> {
            spec = now;
            changed();
        });
    }

    /** The object has been removed without waiting for us. */
    void gone() {
        post(() -> {
            ending = true;
            if (endBegun) {
                all().forEach(ContainerRun::kill);
            } else {
                endContainers(FORCED_GRACE);
            }
            changed();
        });
    }

    /** There may be room now, or what a container lacked. */
    void lookAgain() {
        post(() -> {
            all().forEach(ContainerRun::retry);
            changed();
        });
    }

    /** A ConfigMap or Secret has changed. */
    void refresh() {
        post(() -> {
            if (!ending) {
                refreshVolumes();
            }
            all().forEach(ContainerRun::retry);
            changed();
        });
    }

    private void refreshVolumes() {
        try {
            lodging.refresh(spec);
        } catch (Blocked kept) {
            LOG.warn("{}: its volumes stay as they are: {}", spec.key(), kept.message());
        }
    }

    /** The platform ends: so do its children, but the object stays for the next start. */
    CompletableFuture<Void> stop(Duration graceMax) {
        post(() -> {
            platformEnds = true;
            ending = true;
            var grace = spec.grace();
            endContainers(grace.compareTo(graceMax) < 0 ? grace : graceMax);
            changed();
        });
        return over;
    }

    // ---- what its containers ask

    void post(Runnable task) {
        serial.execute(task);
    }

    /** An annotation that the pod is to have. */
    void note(String name, String value) {
        post(() -> {
            notes.put(name, value);
            changed();
        });
    }

    PodSpec spec() {
        return spec;
    }

    PodDirectory directory() {
        return directory;
    }

    boolean ending() {
        return ending;
    }

    CompletableFuture<Void> over() {
        return over;
    }

    Preparation preparation() {
        return new Preparation(machine, spec, directory, lodging.ports(), lodging.places());
    }

    /** Something is not as it was: goes as far as it can, and says where it is. */
    void changed() {
        if (over.isDone()) {
            return;
        }
        advance();
        if (!over.isDone() && !finishedBefore()) {
            publish();
        }
    }

    /** It was over before we started; its status is not ours to invent. */
    private boolean finishedBefore() {
        return finished && all().noneMatch(ContainerRun::begun);
    }

    // ---- the way

    private void advance() {
        if (spec.meta().deleting() && !ending) {
            beginEnd();
        }
        if (ending) {
            endIfOver();
            return;
        }
        if (finished || !lodging.admit(spec) || !lodging.prepare(spec) || !initialize()) {
            return;
        }
        containers.stream().filter(c -> !c.begun()).forEach(ContainerRun::start);
        if (containers.stream().allMatch(ContainerRun::over)) {
            finish();
        }
    }

    private boolean initialize() {
        for (var init : inits) {
            if (!init.begun()) {
                init.start();
            }
            if (init.over() && !init.succeeded()) {
                finish();
                return false;
            }
            if (!init.succeeded()) {
                return false;
            }
        }
        return true;
    }

    private void finish() {
        finished = true;
        lodging.release(spec);
    }

    // ---- the end

    private void beginEnd() {
        ending = true;
        boolean served = containers.stream().anyMatch(ContainerRun::ready);
        if (!served) {
            endContainers(spec.grace());
            return;
        }
        publish();
        var _ =
                machine.time()
                        .after(
                                machine.settings().endpointPause(),
                                () ->
                                        post(() -> {
                                            endContainers(spec.grace());
                                            changed();
                                        }));
    }

    private void endContainers(Duration grace) {
        if (!endBegun) {
            endBegun = true;
            lodging.stopLooking();
            all().forEach(container -> container.end(grace));
        }
    }

    private void endIfOver() {
        if (!endBegun || all().anyMatch(ContainerRun::running) || over.isDone()) {
            return;
        }
        if (platformEnds) {
            writer.end();
        } else {
            lodging.release(spec);
            removeDirectory();
            var status = status();
            writer.remove(before ->
                    finishedBefore() ? before : status.over(before, machine.time().now()));
        }
        over.complete(null);
    }

    private void removeDirectory() {
        try {
            directory.remove();
        } catch (IOException failed) {
            LOG.warn(
                    "{}: its files stay; remove {} by hand: {}",
                    spec.key(),
                    directory.root(),
                    failed.toString());
        }
    }

    // ---- adoption

    private void adopt() {
        try {
            lodging.resume(spec);
            boolean any = false;
            for (var container : all().toList()) {
                any |= container.adopt();
            }
            if (any) {
                lodging.keep(spec);
            }
        } catch (IOException failed) {
            LOG.warn("{}: what ran before is not taken over: {}", spec.key(), failed.toString());
        } catch (Blocked lacking) {
            LOG.warn("{}: what ran before is not taken over: {}", spec.key(), lacking.message());
        }
    }

    // ---- status

    private Stream<ContainerRun> all() {
        return Stream.concat(inits.stream(), containers.stream());
    }

    private void publish() {
        var status = status();
        var now = machine.time().now();
        writer.write(
                lodging.admitted() && !spec.meta().deleting(),
                annotations(),
                before -> status.over(before, now));
    }

    /** What we say beside the status. */
    private Map<String, String> annotations() {
        var all = new TreeMap<>(notes);
        if (!lodging.ports().real().isEmpty()) {
            all.put(PortMap.ANNOTATION, lodging.ports().json());
        }
        return all;
    }

    private PodStatus status() {
        return PodStatus.of(spec, lodging, inits, containers, ending);
    }
}
