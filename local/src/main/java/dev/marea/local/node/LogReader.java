package dev.marea.local.node;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the files of a container's log. */
final class LogReader implements PodLogs {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final Objects objects;
    private final Path home;

    LogReader(Objects objects, Path home) {
        this.objects = objects;
        this.home = home;
    }

    @Override
    public Log open(String namespace, String pod, Query query) throws Refusal {
        var object =
                objects.get(new Key(Resource.POD, namespace, pod))
                        .orElseThrow(() ->
                                new Refusal(
                                        NOT_FOUND,
                                        "NotFound",
                                        "pods \"%s\" not found".formatted(pod),
                                        Json.Obj.of("name", pod, "kind", "pods")));
        var spec = new PodSpec(object);
        var container = container(spec, query);
        var status = spec.statusOf(container).orElse(Json.Obj.EMPTY);
        var directory = PodDirectory.of(home, spec.meta());
        int start = start(pod, container, status, query.previous());
        var log = directory.log(container, start);
        if (!Files.exists(log)) {
            throw waiting(container, pod, status);
        }
        return new LogText(log, query, () -> runs(spec.meta(), container, start));
    }

    /** Which start's log is meant; a container that waits has the one of its last start. */
    private static int start(String pod, String container, Json status, boolean previous)
            throws Refusal {
        int restarts = (int) status.integer("restartCount").orElse(0);
        boolean waits = status.at("state").isEmpty() || status.at("state", "waiting").isPresent();
        if (waits && status.at("lastState", "terminated").isPresent()) {
            return restarts;
        }
        if (previous && (waits || restarts == 0)) {
            throw bad(
                    "previous terminated container \"%s\" in pod \"%s\" not found"
                            .formatted(container, pod));
        }
        if (waits) {
            throw waiting(container, pod, status);
        }
        return previous ? restarts - 1 : restarts;
    }

    private static Refusal waiting(String container, String pod, Json status) {
        var reason = status.text("state", "waiting", "reason").orElse("ContainerCreating");
        var message = status.text("state", "waiting", "message").map(m -> ": " + m).orElse("");
        return bad(
                "container \"%s\" in pod \"%s\" is waiting to start: %s%s"
                        .formatted(container, pod, reason, message));
    }

    private static Refusal bad(String message) {
        return new Refusal(BAD_REQUEST, "BadRequest", message, Json.Obj.EMPTY);
    }

    private static String container(PodSpec spec, Query query) throws Refusal {
        var names =
                Stream.concat(spec.containers().stream(), spec.inits().stream())
                        .map(ContainerSpec::name)
                        .toList();
        if (query.container().isEmpty()) {
            if (spec.containers().size() == 1) {
                return spec.containers().getFirst().name();
            }
            throw bad(
                    "a container name must be specified for pod %s, choose one of: %s"
                            .formatted(spec.meta().name(), listed(names)));
        }
        var name = query.container().get();
        if (!names.contains(name)) {
            throw bad(
                    "container %s is not valid for pod %s; choose one of: %s"
                            .formatted(name, spec.meta().name(), listed(names)));
        }
        return name;
    }

    private static String listed(List<String> names) {
        return names.stream().collect(Collectors.joining(" ", "[", "]"));
    }

    /** Whether that start of the container may still write. */
    private boolean runs(Meta pod, String container, int start) {
        return objects.get(pod.key(Resource.POD))
                .filter(now -> new Meta(now).uid().equals(pod.uid()))
                .flatMap(now -> new PodSpec(now).statusOf(container))
                .filter(status ->
                        status.integer("restartCount").orElse(0) == start
                                && status.at("state", "running").isPresent())
                .isPresent();
    }
}
