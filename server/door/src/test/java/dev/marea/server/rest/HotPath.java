package dev.marea.server.rest;

import dev.marea.server.models.Lease;
import dev.marea.server.runtime.sklearn.SklearnRuntime;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What one small request costs besides the socket: read, predict, write. Not a test: {@code ./build
 * bench server} runs it and prints microseconds of CPU.
 */
final class HotPath {
    private static final int ROUND = 200_000;
    private static final int ROUNDS = 10;
    private static final byte[] BODY =
            "{\"instances\": [[5.1, 3.5, 1.4, 0.2]]}".getBytes(StandardCharsets.UTF_8);

    private HotPath() {}

    public static void main(String... args) throws Exception {
        try (var model = new SklearnRuntime().load(Path.of(args[0]))) {
            var lease = new Lease("m", "1", model, Optional.empty(), () -> {});
            double best = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                best = Math.min(best, round(lease));
            }
            System.out.printf("%.2f%n", best);
        }
    }

    private static double round(Lease lease) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < ROUND; i++) {
            var codec = new V1Codec(false);
            var question = codec.read(Bytes.of(BODY), lease);
            var outputs = lease.loaded().predict(question.inputs(), question.asked());
            codec.reply(lease, outputs).body().release();
        }
        return (threads.getCurrentThreadCpuTime() - begun) / 1e3 / ROUND;
    }
}
