package dev.marea.check.control;

import dev.marea.core.plan.Planner;
import dev.marea.core.route.RouteTable;
import dev.marea.kubernetes.Operator;
import dev.marea.kubernetes.OperatorSettings;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.wire.kserve.OwnImages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The operator in a process of its own, which answers questions about itself on its standard
 * streams: one word a line, one number a line.
 */
public final class OperatorChild {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private OperatorChild() {}

    /** The only argument is a kubeconfig. */
    public static void main(String[] args) throws IOException {
        var table = new AtomicReference<>(RouteTable.EMPTY);
        try (var operator = Operator.start(settings(Path.of(args[0])));
                var questions =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            var _ = operator.routes().subscribe(table::set);
            say(0);
            for (String q = questions.readLine(); q != null; q = questions.readLine()) {
                switch (q) {
                    case "routed" -> say(routed(table.get()));
                    case "heap" -> say(heap());
                    case "cpu" -> say(cpuMillis());
                    default -> throw new IllegalArgumentException(q);
                }
            }
        }
        System.exit(0);
    }

    private static OperatorSettings settings(Path kubeconfig) {
        var addresses =
                new Addresses(
                        "http",
                        "localhost",
                        Addresses.DEFAULT_TEMPLATE,
                        OptionalInt.of(8080),
                        "http://127.0.0.1:8080");
        return new OperatorSettings(
                Optional.of(kubeconfig),
                addresses,
                Optional.empty(),
                OwnImages.of("0.1.0"),
                new Planner(10, DRAIN),
                InstantSource.system());
    }

    private static void say(long number) {
        System.out.println("= " + number);
        System.out.flush();
    }

    /** Services that requests reach a replica of. */
    private static long routed(RouteTable table) {
        return table.routes().stream()
                .filter(r ->
                        r.revisions().stream()
                                .anyMatch(v -> v.traffic().value() > 0 && !v.replicas().isEmpty()))
                .count();
    }

    private static long heap() {
        var memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static long cpuMillis() {
        return ((com.sun.management.OperatingSystemMXBean)
                                ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1_000_000;
    }
}
