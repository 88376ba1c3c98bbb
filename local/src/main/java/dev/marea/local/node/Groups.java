package dev.marea.local.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Control groups that hold a container to its memory limit, where this user may make them: version
 * 2 with a delegated subtree, else version 1's memory controller.
 */
final class Groups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private sealed interface Kind {
        record Two(Path parent) implements Kind {}

        record One(Path parent) implements Kind {}

        record None() implements Kind {}
    }

    private final Kind kind;

    private Groups(Kind kind) {
        this.kind = kind;
    }

    static Groups ofThisMachine() {
        return new Groups(find(ROOT, Path.of("/proc/self/cgroup")));
    }

    static Groups none() {
        return new Groups(new Kind.None());
    }

    private static Kind find(Path root, Path own) {
        try {
            for (var line : Files.readAllLines(own)) {
                var parts = line.split(":", 3);
                if (parts.length == 3 && parts[1].isEmpty()) {
                    var parent = root.resolve(parts[2].substring(1)).resolve("..").normalize();
                    if (delegates(parent)) {
                        return new Kind.Two(parent);
                    }
                }
                if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains("memory")) {
                    var parent = root.resolve("memory").resolve(parts[2].substring(1));
                    if (Files.exists(parent.resolve("memory.limit_in_bytes")) && writable(parent)) {
                        return new Kind.One(parent);
                    }
                }
            }
        } catch (IOException _) {
            // no control groups here: this is no Linux
        }
        return new Kind.None();
    }

    private static boolean delegates(Path parent) throws IOException {
        var control = parent.resolve("cgroup.subtree_control");
        return Files.exists(control)
                && List.of(Files.readString(control).strip().split(" ", -1)).contains("memory")
                && writable(parent);
    }

    /** Permission bits do not say it: the file system may be read-only for root. */
    private static boolean writable(Path parent) {
        var attempt = parent.resolve("marea-try-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(attempt);
            Files.delete(attempt);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    boolean enforces() {
        return !(kind instanceof Kind.None);
    }

    /** The group that holds this container; empty without a limit or without the right to. */
    Optional<Path> make(String podUid, String container, OptionalLong memoryLimit) {
        if (memoryLimit.isEmpty()) {
            return Optional.empty();
        }
        var name = "marea-" + podUid + "-" + container;
        try {
            return switch (kind) {
                case Kind.Two(var parent) ->
                        Optional.of(
                                made(parent.resolve(name), "memory.max", memoryLimit.getAsLong()));
                case Kind.One(var parent) ->
                        Optional.of(
                                made(
                                        parent.resolve(name),
                                        "memory.limit_in_bytes",
                                        memoryLimit.getAsLong()));
                case Kind.None() -> Optional.empty();
            };
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Path made(Path group, String limit, long bytes) throws IOException {
        Files.createDirectories(group);
        Files.writeString(group.resolve(limit), String.valueOf(bytes));
        return group;
    }

    /** How many were killed for memory: in the group, or without one on the whole machine. */
    static long kills(Optional<Path> group) {
        return group.map(path ->
                        Math.max(
                                counter(path.resolve("memory.events")),
                                counter(path.resolve("memory.oom_control"))))
                .orElseGet(() -> counter(Path.of("/proc/vmstat")));
    }

    private static long counter(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("oom_kill "))
                    .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length()).strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException | NumberFormatException _) {
            return 0;
        }
    }

    static void remove(Optional<Path> group) {
        group.ifPresent(path -> {
            try {
                Files.deleteIfExists(path);
            } catch (IOException _) {
                // its last process is still leaving; an empty group costs nothing
            }
        });
    }
}
