package dev.marea.local.node;

import java.lang.management.ManagementFactory;

/** What this machine has. */
record Capacity(int cpus, long memoryBytes) {
    static Capacity ofThisMachine() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        long memory =
                system instanceof com.sun.management.OperatingSystemMXBean known
                        ? known.getTotalMemorySize()
                        : Runtime.getRuntime().maxMemory();
        return new Capacity(Runtime.getRuntime().availableProcessors(), memory);
    }
}
