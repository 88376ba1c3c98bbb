package dev.marea.server.llama.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory is left to this process: by its container's limit, and by the machine. */
final class Memory {
    private static final List<List<Path>> LIMITS_AND_USES =
            List.of(
                    List.of(
                            Path.of("/sys/fs/cgroup/memory.max"),
                            Path.of("/sys/fs/cgroup/memory.current")),
                    List.of(
                            Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
                            Path.of("/sys/fs/cgroup/memory/memory.usage_in_bytes")));
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";

    private Memory() {}

    static long available() {
        long least = machine();
        for (var pair : LIMITS_AND_USES) {
            long limit = number(pair.getFirst(), Long.MAX_VALUE);
            if (limit < Long.MAX_VALUE / 2) {
                least = Math.min(least, Math.max(0, limit - number(pair.getLast(), 0)));
            }
        }
        return least;
    }

    private static long number(Path file, long otherwise) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException _) {
            return otherwise;
        }
    }

    private static long machine() {
        try {
            for (var line : Files.readAllLines(MACHINE)) {
                if (line.startsWith(AVAILABLE)) {
                    var kib = line.substring(AVAILABLE.length(), line.indexOf("kB")).strip();
                    return Long.parseLong(kib) << 10;
                }
            }
        } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException _) {
            // a machine without it: the loader will find out
        }
        return Long.MAX_VALUE;
    }
}
