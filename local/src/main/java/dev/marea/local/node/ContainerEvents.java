package dev.marea.local.node;

import dev.marea.local.objects.Resource;
import dev.marea.local.work.Events;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Tells of one container in its pod's events, in the kubelet's words.
 *
 * @param pod as it is now
 * @param field which part of the pod it is: {@code spec.containers{main}}
 */
record ContainerEvents(Events events, Supplier<PodSpec> pod, String container, String field) {
    static ContainerEvents of(
            Events events, Supplier<PodSpec> pod, ContainerSpec container, boolean init) {
        var list = init ? "spec.initContainers{" : "spec.containers{";
        return new ContainerEvents(events, pod, container.name(), list + container.name() + "}");
    }

    void started() {
        tell(false, "Created", "Created container: " + container);
        tell(false, "Started", "Started container " + container);
    }

    void blocked(Blocked blocked) {
        tell(true, "Failed", "Error: " + blocked.message());
    }

    void unhealthy(Prober.Kind kind, String message) {
        tell(true, "Unhealthy", kind.title() + " probe failed: " + message);
    }

    void endsUnhealthy(Prober.Kind kind) {
        tell(
                false,
                "Killing",
                "Container %s failed %s probe, will be restarted"
                        .formatted(container, kind.title().toLowerCase(Locale.ROOT)));
    }

    void postStartFailed(String message) {
        tell(true, "FailedPostStartHook", "PostStartHook failed: " + message);
    }

    void preStopFailed(String message) {
        tell(true, "FailedPreStopHook", "PreStopHook failed: " + message);
    }

    void stopping() {
        tell(false, "Killing", "Stopping container " + container);
    }

    void backsOff() {
        tell(
                true,
                "BackOff",
                "Back-off restarting failed container %s in pod %s".formatted(container, who()));
    }

    /** The pod, as the kubelet names it where it speaks of a back-off. */
    String who() {
        var meta = pod.get().meta();
        return "%s_%s(%s)".formatted(meta.name(), meta.namespace(), meta.uid());
    }

    private void tell(boolean warning, String reason, String message) {
        events.tell(Resource.POD, pod.get().pod(), field, warning, reason, message);
    }
}
