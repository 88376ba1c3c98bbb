package dev.marea.check.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a command of this machine did. */
public record Run(List<String> command, int exit, String out, String err) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    public static Run of(
            Path directory, Map<String, String> environment, String input, List<String> command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
        var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException childDidNotRead) {
            // a command that takes no input may end before it is written
        }
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command + " did not end within " + LIMIT);
        }
        return new Run(command, process.exitValue(), out.join(), err.join());
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException cut) {
            return "(cut: " + cut.getMessage() + ")";
        }
    }

    /** The standard output of a command that must succeed. */
    public String ok() {
        if (exit != 0) {
            throw new AssertionError("expected exit code 0 of " + this);
        }
        return out;
    }

    /** The standard error of a command that must fail. */
    public String failed() {
        if (exit == 0) {
            throw new AssertionError("expected a failure of " + this);
        }
        return err;
    }

    @Override
    public String toString() {
        return String.join(" ", command) + " -> " + exit + "\n" + out + err;
    }
}
