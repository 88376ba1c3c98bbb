package dev.marea.app.cli;

import dev.marea.app.home.RunFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Starts this same program in the background and returns when it is ready. */
final class Detached {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int LINES_SHOWN = 15;

    private Detached() {}

    static int start(MareaCommand marea, List<String> arguments, Duration limit) throws Exception {
        var home = marea.preparedHome();
        var running = RunFile.readLiving(home);
        if (running.isPresent()) {
            throw new Failure(
                    "marea is already running on %s as process %d; stop it with `marea down`, or choose another MAREA_HOME"
                            .formatted(home.directory(), running.get().pid()));
        }
        var command = command(arguments);
        command.addAll(List.of("--home", home.directory().toString()));
        var log = home.platformLog().toFile();
        var child =
                new ProcessBuilder(command)
                        .redirectInput(new java.io.File("/dev/null"))
                        .redirectOutput(log)
                        .redirectErrorStream(true)
                        .start();
        return await(marea, child, limit);
    }

    // The same JVM with the same flags; setsid keeps the terminal's Ctrl-C and hang-up from it.
    private static List<String> command(List<String> arguments) {
        var command = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.marea.app.Main"));
        command.addAll(arguments);
        return command;
    }

    private static int await(MareaCommand marea, Process child, Duration limit) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            var run = RunFile.read(marea.home()).filter(r -> r.pid() == child.pid());
            if (run.isPresent() && run.get().state() == RunFile.State.READY) {
                marea.console()
                        .line(
                                "marea runs as process "
                                        + child.pid()
                                        + ", gateway "
                                        + run.get().gatewayUrl());
                marea.console().line("export KUBECONFIG=" + marea.home().kubeconfig());
                return 0;
            }
            if (run.isPresent() && run.get().state() == RunFile.State.FAILED && child.isAlive()) {
                child.destroy();
                throw new Failure(run.get().message() + "; marea has been stopped");
            }
            if (!child.isAlive()) {
                throw new Failure("marea did not start:\n" + end(marea.home().platformLog()));
            }
            Thread.sleep(PAUSE);
        }
        child.destroy();
        throw new Failure(
                "marea was not ready within %d s and has been stopped; its log %s ends with\n%s"
                        .formatted(
                                limit.toSeconds(),
                                marea.home().platformLog(),
                                end(marea.home().platformLog())));
    }

    private static String end(Path log) throws IOException {
        try (var lines = Files.lines(log)) {
            var all = lines.toList();
            return all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size()).stream()
                    .collect(Collectors.joining("\n"));
        }
    }
}
