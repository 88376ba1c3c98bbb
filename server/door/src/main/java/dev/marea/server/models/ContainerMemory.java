package dev.marea.server.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory this container has: the cgroup's limit, else the machine's. */
final class ContainerMemory {
    /** The rest is for requests, code, threads and the collector. */
    private static final double SHARE_FOR_MODELS = 0.6;

    private static final List<Path> LIMITS =
            List.of(
                    Path.of("/sys/fs/cgroup/memory.max"),
                    Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    private static final Path MACHINE = Path.of("/proc/meminfo");

    private ContainerMemory() {}

    /** What models may hold unless a number was given. */
    static long forModels() {
        return (long) (total() * SHARE_FOR_MODELS);
    }

    private static long total() {
        long least = machine();
        for (var file : LIMITS) {
            least = Math.min(least, number(file));
        }
        return least;
    }

    /** A file without a number, such as "max", or none at all: no limit. */
    private static long number(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    /** {@code MemTotal: 8010748 kB}, its first line. */
    private static long machine() {
        try {
            var text = Files.readString(MACHINE);
            var first = text.substring(text.indexOf(':') + 1, text.indexOf("kB"));
            return Long.parseLong(first.strip()) << 10;
        } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException _) {
            return Runtime.getRuntime().maxMemory() * 4; // the JVM takes a quarter of the machine
        }
    }
}
