package dev.marea.server.llama.engine;

import dev.marea.server.llama.child.EngineMain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How an engine's process is started.
 *
 * @param command a JVM with the class path that has {@link EngineMain}
 * @param directory of the owner's alone, with a short path: for the socket
 * @param natives where libraries are unpacked
 * @param loadTime the longest that a model may take to load
 */
public record Launch(List<String> command, Path directory, Path natives, Duration loadTime) {
    private static final Duration LOAD_TIME = Duration.ofMinutes(10);

    public Launch {
        command = List.copyOf(command);
    }

    /** With the JVM and the class path of this process. */
    public static Launch asThisProcess(Path directory, Path natives, List<String> flags) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path")));
        return new Launch(command, directory, natives, LOAD_TIME);
    }

    List<String> command(Path socket) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(EngineMain.class.getName(), socket.toString(), natives.toString()));
        return all;
    }
}
