package dev.marea.local.node;

import dev.marea.local.objects.Meta;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an earlier platform left of one container.
 *
 * @param restart the number of its running start, or of the next one
 * @param child the process, if it still runs
 */
record Earlier(int restart, Optional<Child> child, Json status) {

    static Earlier find(Children children, PodDirectory directory, Json status, String container)
            throws IOException {
        int next = afterStatus(status);
        for (var file : files(directory.running())) {
            var name = String.valueOf(file.getFileName());
            int dot = name.lastIndexOf('.');
            if (dot < 0 || !name.substring(0, dot).equals(container)) {
                continue;
            }
            int restart = Integer.parseInt(name.substring(dot + 1));
            var child = children.adopt(file);
            if (child.isPresent()) {
                return new Earlier(restart, child, status);
            }
            Files.deleteIfExists(file);
            next = Math.max(next, restart + 1);
        }
        return new Earlier(next, Optional.empty(), status);
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static int afterStatus(Json status) {
        int counted = (int) status.integer("restartCount").orElse(0);
        boolean ran =
                status.at("state", "running").isPresent()
                        || status.at("state", "terminated").isPresent()
                        || status.at("lastState", "terminated").isPresent();
        return ran ? counted + 1 : counted;
    }

    boolean wasStarted() {
        return status.flag("started");
    }

    boolean wasReady() {
        return status.flag("ready");
    }

    Instant since(Instant otherwise) {
        return Meta.instant(status.text("state", "running", "startedAt")).orElse(otherwise);
    }

    /** How a start ended that was running when it was last seen. */
    Optional<ContainerState.Ended> lost(Instant now) {
        return status.at("state", "running").isPresent() && child.isEmpty()
                ? Optional.of(Epilogue.unseen(since(now), now))
                : Optional.empty();
    }

    /** An init container that ended well need not run again: its volumes are still there. */
    Optional<ContainerState.Ended> done() {
        if (status.integer("state", "terminated", "exitCode").orElse(-1) != 0) {
            return Optional.empty();
        }
        var begin =
                Meta.instant(status.text("state", "terminated", "startedAt")).orElse(Instant.EPOCH);
        var end = Meta.instant(status.text("state", "terminated", "finishedAt")).orElse(begin);
        return Optional.of(new ContainerState.Ended(0, "Completed", "", begin, end));
    }
}
