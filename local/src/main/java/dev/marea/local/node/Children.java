package dev.marea.local.node;

import dev.marea.local.work.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Starts children, and finds those again that an earlier platform left behind.
 *
 * <p>A child is its own session, so that neither Ctrl-C on our terminal nor our end reaches it by
 * accident. A few lines of shell run first, in the child itself: they write down the pid before the
 * command can start, so there is no moment at which a crash of ours would lose it.
 */
final class Children {
    private static final String FIRST =
            "{ read -r l </proc/$$/stat || l=$$; } 2>/dev/null; printf '%s\\n' \"$l\" >\"$1\";"
                    + " [ -z \"$2\" ] || echo $$ >\"$2\"; shift 2; exec \"$@\"";
    private static final Duration ADOPTED_LOOK = Duration.ofMillis(100);
    private static final int START_FIELD = 22;

    private final Time time;
    private final Optional<Path> setsid;

    Children(Time time) {
        this.time = time;
        this.setsid =
                List.of("/usr/bin/setsid", "/bin/setsid").stream()
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst();
    }

    Child start(Launch launch) throws IOException {
        var command = new ArrayList<String>();
        setsid.ifPresent(path -> command.add(path.toString()));
        command.addAll(List.of("/bin/sh", "-c", FIRST, "marea"));
        command.add(launch.pid().toString());
        command.add(launch.group().map(path -> path.resolve("cgroup.procs").toString()).orElse(""));
        command.addAll(launch.command());
        var builder =
                new ProcessBuilder(command)
                        .directory(launch.directory().toFile())
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
        builder.environment().clear();
        builder.environment().putAll(launch.env());
        var process = builder.start();
        return new Child(
                process.pid(),
                setsid.isPresent(),
                process.onExit().thenApply(ended -> OptionalInt.of(ended.exitValue())));
    }

    /** The child that wrote this file, if it still runs and is not another with its number. */
    Optional<Child> adopt(Path pidFile) throws IOException {
        var written = stat(pidFile);
        if (written.isEmpty() || !runs(written.get())) {
            return Optional.empty();
        }
        var ended = new CompletableFuture<OptionalInt>();
        look(written.get(), ended);
        return Optional.of(new Child(written.get().pid(), setsid.isPresent(), ended));
    }

    private void look(Stat child, CompletableFuture<OptionalInt> ended) {
        if (runs(child)) {
            var _ = time.after(ADOPTED_LOOK, () -> look(child, ended));
        } else {
            ended.complete(OptionalInt.empty());
        }
    }

    private record Stat(long pid, char state, OptionalLong start) {}

    private static boolean runs(Stat child) {
        try {
            var now = stat(Path.of("/proc", String.valueOf(child.pid()), "stat"));
            return now.isPresent()
                    && now.get().state() != 'Z'
                    && now.get().state() != 'X'
                    && now.get().start().equals(child.start());
        } catch (IOException _) {
            return !Files.isDirectory(Path.of("/proc/self"))
                    && ProcessHandle.of(child.pid()).map(ProcessHandle::isAlive).orElse(false);
        }
    }

    /** {@code pid (name) S ...}, or the pid alone where there is no /proc. */
    private static Optional<Stat> stat(Path file) throws IOException {
        var line = Files.readString(file).strip();
        var space = line.indexOf(' ');
        try {
            if (space < 0) {
                return Optional.of(new Stat(Long.parseLong(line), 'S', OptionalLong.empty()));
            }
            // the name may hold spaces and parentheses; what follows the last one is regular
            var rest = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(
                    new Stat(
                            Long.parseLong(line.substring(0, space)),
                            rest[0].charAt(0),
                            OptionalLong.of(Long.parseLong(rest[START_FIELD - 3]))));
        } catch (NumberFormatException | IndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }
}
