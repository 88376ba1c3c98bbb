package dev.marea.app.cli;

import dev.marea.app.home.RunFile;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Stops the platform of a home; what it serves is kept and comes back with the next up. */
@Command(
        mixinStandardHelpOptions = true,
        name = "down",
        description =
                "Stop the platform; services are kept and come back with the next `marea up`.")
final class DownCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @ParentCommand private @Nullable MareaCommand root;

    @Override
    public Integer call() throws Exception {
        var marea = java.util.Objects.requireNonNull(root);
        var running = RunFile.readLiving(marea.home());
        if (running.isEmpty()) {
            marea.console().line("nothing runs on " + marea.home().directory());
            return 0;
        }
        long pid = running.get().pid();
        var process = ProcessHandle.of(pid);
        if (process.isPresent()) {
            process.get().destroy();
            await(process.get());
        }
        marea.console().line("stopped marea (process " + pid + ")");
        return 0;
    }

    private static void await(ProcessHandle process) throws Exception {
        try {
            process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            throw new Failure(
                    "process "
                            + process.pid()
                            + " has not ended within "
                            + LIMIT.toSeconds()
                            + " s; `kill -9 "
                            + process.pid()
                            + "` ends it, and the next `marea up` cleans up");
        }
    }
}
