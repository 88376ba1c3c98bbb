package dev.marea.local.node;

import dev.marea.local.objects.Resource;
import dev.marea.local.work.Serial;
import dev.marea.local.work.Time;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final Duration RETRY_MIN = Duration.ofMillis(250);
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);
    private static final Duration FORCED_GRACE = Duration.ofSeconds(2);

    private final Machine machine;
    private final Serial serial;
    private final StatusWriter writer;
    private final PodDirectory directory;
    private final List<ContainerRun> inits = new ArrayList<>();
    private final List<ContainerRun> containers = new ArrayList<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private volatile PodSpec spec;
    private volatile boolean ending;
    private boolean platformEnds;
    private boolean endBegun;
    private boolean finished;
    private Optional<String> unschedulable = Optional.empty();
    private Optional<String> blocked = Optional.empty();
    private boolean admitted;
    private PortMap ports = new PortMap(new LinkedHashMap<>());
    private Optional<Map<String, Path>> places = Optional.empty();
    private Optional<Instant> started = Optional.empty();
    private Duration retryPause = RETRY_MIN;
    private Time.Alarm retry = Time.Alarm.NONE;

    PodRunner(Machine machine, PodSpec spec) {
        this.machine = machine;
        this.spec = spec;
        this.serial = new Serial("pod " + spec.meta().name());
        this.writer = new StatusWriter(machine, spec);
        this.directory = PodDirectory.of(machine.settings().home(), spec.meta());
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
            if (places.isPresent() && !ending) {
                try {
                    places = Optional.of(machine.volumes().prepare(spec, directory));
                } catch (Blocked kept) {
                    LOG.debug("{}: volumes stay as they are: {}", spec.key(), kept.message());
                }
            }
            all().forEach(ContainerRun::retry);
            changed();
        });
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

    PodSpec spec() {
        return spec;
    }

    PodDirectory directory() {
        return directory;
    }

    boolean ending() {
        return ending;
    }

    Duration grace() {
        return spec.grace();
    }

    CompletableFuture<Void> over() {
        return over;
    }

    Preparation preparation() {
        return new Preparation(machine, spec, directory, ports, places.orElse(Map.of()));
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
        if (finished || !admit() || !prepare() || !initialize()) {
            return;
        }
        containers.stream().filter(c -> !c.begun()).forEach(ContainerRun::start);
        if (containers.stream().allMatch(ContainerRun::over)) {
            finish();
        }
    }

    private boolean admit() {
        if (admitted) {
            return true;
        }
        var refused = machine.memory().admit(spec.meta().uid(), spec.memoryRequest());
        if (refused.isPresent()) {
            if (!refused.equals(unschedulable)) {
                machine.events()
                        .warning(Resource.POD, spec.pod(), "FailedScheduling", refused.get());
            }
            unschedulable = refused;
            return false;
        }
        admitted = true;
        unschedulable = Optional.empty();
        started = Optional.of(machine.time().now());
        if (spec.nodeName().isEmpty()) {
            var meta = spec.meta();
            machine.events()
                    .normal(
                            Resource.POD,
                            spec.pod(),
                            "Scheduled",
                            "Successfully assigned %s/%s to %s"
                                    .formatted(
                                            meta.namespace(),
                                            meta.name(),
                                            machine.settings().name()));
        }
        return true;
    }

    private boolean prepare() {
        if (places.isPresent()) {
            return true;
        }
        try {
            directory.create();
            if (ports.real().isEmpty()) {
                ports = machine.ports().give(spec.ports());
                Files.writeString(directory.ports(), ports.json());
            }
            places = Optional.of(machine.volumes().prepare(spec, directory));
            blocked = Optional.empty();
            return true;
        } catch (Blocked lacking) {
            later(lacking.reason(), lacking.message());
        } catch (IOException failed) {
            later("FailedCreatePodSandBox", failed.toString());
        }
        return false;
    }

    private void later(String reason, String message) {
        blocked = Optional.of(message);
        machine.events().warning(Resource.POD, spec.pod(), reason, message);
        retry.cancel();
        retry = machine.time().after(retryPause, () -> post(this::changed));
        var doubled = retryPause.multipliedBy(2);
        retryPause = doubled.compareTo(RETRY_MAX) < 0 ? doubled : RETRY_MAX;
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
        release();
    }

    private void release() {
        machine.memory().leave(spec.meta().uid());
        machine.ports().giveBack(ports);
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
            retry.cancel();
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
            release();
            remove();
            var status = status();
            writer.remove(
                    ports,
                    before ->
                            finishedBefore() ? before : status.over(before, machine.time().now()));
        }
        over.complete(null);
    }

    private void remove() {
        try {
            directory.remove();
        } catch (IOException failed) {
            LOG.warn("{} is not wholly removed: {}", directory.root(), failed.toString());
        }
    }

    // ---- adoption

    private void adopt() {
        try {
            if (Files.exists(directory.ports())) {
                ports = PortMap.read(Files.readString(directory.ports()));
                machine.ports().keep(ports);
            }
            places = Optional.of(machine.volumes().prepare(spec, directory));
            boolean any = false;
            for (var container : all().toList()) {
                any |= container.adopt();
            }
            if (any) {
                admitted = true;
                machine.memory().keep(spec.meta().uid(), spec.memoryRequest());
                started = Optional.of(machine.time().now());
            }
        } catch (IOException failed) {
            LOG.warn("{}: not adopted: {}", spec.key(), failed.toString());
        } catch (Blocked lacking) {
            LOG.warn("{}: not adopted yet: {}", spec.key(), lacking.message());
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
                admitted && !spec.meta().deleting(), ports, before -> status.over(before, now));
    }

    private PodStatus status() {
        return new PodStatus(
                spec.pod().list("spec", "readinessGates").stream()
                        .flatMap(gate -> gate.text("conditionType").stream())
                        .toList(),
                phase(),
                unschedulable,
                blocked,
                inits.stream().allMatch(ContainerRun::succeeded),
                ending,
                containers.stream().filter(c -> !c.ready()).map(c -> c.spec().name()).toList(),
                started,
                statuses(inits),
                statuses(containers));
    }

    private static List<Json> statuses(List<ContainerRun> runs) {
        return runs.stream().<Json>map(ContainerRun::status).toList();
    }

    private String phase() {
        if (inits.stream().anyMatch(c -> c.over() && !c.succeeded() && !ending)) {
            return "Failed";
        }
        if (!containers.isEmpty() && containers.stream().allMatch(c -> c.over() && c.hasRun())) {
            return containers.stream().allMatch(ContainerRun::succeeded) ? "Succeeded" : "Failed";
        }
        return !containers.isEmpty() && containers.stream().allMatch(ContainerRun::hasRun)
                ? "Running"
                : "Pending";
    }
}
