package dev.marea.local.node;

import dev.marea.local.objects.Resource;
import dev.marea.local.work.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod has of this machine before its containers start: room for its memory, a directory,
 * ports and volumes. Touched by its pod's tasks alone.
 */
final class Lodging {
    private static final Duration RETRY_MIN = Duration.ofMillis(250);
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);

    private final Machine machine;
    private final PodDirectory directory;
    private final Runnable lookAgain;

    private boolean admitted;
    private Optional<String> unschedulable = Optional.empty();
    private Optional<Instant> started = Optional.empty();
    private PortMap ports = new PortMap(new LinkedHashMap<>());
    private Optional<Map<String, Path>> places = Optional.empty();
    private Optional<String> blocked = Optional.empty();
    private Duration retryPause = RETRY_MIN;
    private Time.Alarm retry = Time.Alarm.NONE;

    /**
     * @param lookAgain runs, on any thread, when what was lacking may be there
     */
    Lodging(Machine machine, PodDirectory directory, Runnable lookAgain) {
        this.machine = machine;
        this.directory = directory;
        this.lookAgain = lookAgain;
    }

    boolean admitted() {
        return admitted;
    }

    /** Why it has no place here, if it has none. */
    Optional<String> unschedulable() {
        return unschedulable;
    }

    /** When it was admitted. */
    Optional<Instant> started() {
        return started;
    }

    PortMap ports() {
        return ports;
    }

    /** Where each volume is. */
    Map<String, Path> places() {
        return places.orElse(Map.of());
    }

    /** Why its volumes are not there, if they are not. */
    Optional<String> blocked() {
        return blocked;
    }

    /** True once there is room for its memory. */
    boolean admit(PodSpec pod) {
        if (admitted) {
            return true;
        }
        var refused = machine.memory().admit(pod.meta().uid(), pod.memoryRequest());
        if (refused.isPresent()) {
            if (!refused.equals(unschedulable)) {
                machine.events()
                        .warning(Resource.POD, pod.pod(), "FailedScheduling", refused.get());
            }
            unschedulable = refused;
            return false;
        }
        unschedulable = Optional.empty();
        admitted = true;
        started = Optional.of(machine.time().now());
        if (pod.nodeName().isEmpty()) {
            tellScheduled(pod);
        }
        return true;
    }

    private void tellScheduled(PodSpec pod) {
        machine.events()
                .normal(
                        Resource.POD,
                        pod.pod(),
                        "Scheduled",
                        "Successfully assigned %s/%s to %s"
                                .formatted(
                                        pod.meta().namespace(),
                                        pod.meta().name(),
                                        machine.settings().name()));
    }

    /** True once its directory, ports and volumes are there. */
    boolean prepare(PodSpec pod) {
        if (places.isPresent()) {
            return true;
        }
        try {
            directory.create();
            if (ports.real().isEmpty()) {
                ports = machine.ports().give(pod.ports());
                Files.writeString(directory.ports(), ports.json());
            }
            places = Optional.of(machine.volumes().prepare(pod, directory));
            blocked = Optional.empty();
            return true;
        } catch (Blocked lacking) {
            later(pod, lacking.reason(), lacking.message());
        } catch (IOException failed) {
            later(pod, "FailedCreatePodSandBox", failed.toString());
        }
        return false;
    }

    private void later(PodSpec pod, String reason, String message) {
        blocked = Optional.of(message);
        machine.events().warning(Resource.POD, pod.pod(), reason, message);
        retry.cancel();
        retry = machine.time().after(retryPause, lookAgain);
        var doubled = retryPause.multipliedBy(2);
        retryPause = doubled.compareTo(RETRY_MAX) < 0 ? doubled : RETRY_MAX;
    }

    /** Brings the files of ConfigMaps and Secrets up to date, once there are any. */
    void refresh(PodSpec pod) throws Blocked {
        if (places.isPresent()) {
            places = Optional.of(machine.volumes().prepare(pod, directory));
        }
    }

    /** Takes back the ports and volumes that an earlier platform gave it. */
    void resume(PodSpec pod) throws Blocked, IOException {
        if (Files.exists(directory.ports())) {
            ports = PortMap.read(Files.readString(directory.ports()));
            machine.ports().keep(ports);
        }
        places = Optional.of(machine.volumes().prepare(pod, directory));
    }

    /** It runs here already, so it has its room whether it fits or not. */
    void keep(PodSpec pod) {
        admitted = true;
        machine.memory().keep(pod.meta().uid(), pod.memoryRequest());
        started = Optional.of(machine.time().now());
    }

    /** Looks for nothing more. */
    void stopLooking() {
        retry.cancel();
    }

    /** Others may have its room and ports. */
    void release(PodSpec pod) {
        machine.memory().leave(pod.meta().uid());
        machine.ports().giveBack(ports);
    }
}
