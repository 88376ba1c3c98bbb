package dev.marea.app.platform;

import dev.marea.local.node.Images.Executable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The built product on disk: {@code lib/} with the jars, {@code server.classpath} naming those of
 * the model server, and the AOT caches that make both start fast.
 */
public record Distribution(Path directory) {
    // The same in training and in use, or the AOT cache is not taken. The serial collector would
    // let the
    // old generation grow to its limit before it looks at it, whenever requests in flight overflow
    // the
    // survivors: room for those, and little free room elsewhere, keeps a small model's server
    // small.
    private static final List<String> SERVER_FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xms32m",
                    "-XX:NewSize=24m",
                    "-XX:MaxNewSize=48m",
                    "-XX:SurvivorRatio=2",
                    "-XX:MinHeapFreeRatio=10",
                    "-XX:MaxHeapFreeRatio=30",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    /** The one that this code runs from. */
    public static Distribution own() {
        try {
            var jar =
                    Path.of(
                            Distribution.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            var lib = jar.toAbsolutePath().getParent();
            if (lib == null || lib.getParent() == null) {
                throw new IllegalStateException(
                        "marea must run from its distribution, not from " + jar);
            }
            return new Distribution(lib.getParent());
        } catch (URISyntaxException bad) {
            throw new IllegalStateException(bad);
        }
    }

    public Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    public Path serverCache() {
        return directory.resolve("server.aot");
    }

    /**
     * How a model server is started; its own flags follow.
     *
     * @param flags more flags for its JVM
     */
    Executable server(List<String> flags) throws IOException {
        var command = new ArrayList<>(List.of(java().toString()));
        if (Files.isRegularFile(serverCache())) {
            command.addAll(
                    List.of("-XX:AOTCache=" + serverCache(), "-Xlog:aot=off", "-Xlog:cds=off"));
        }
        command.addAll(flags);
        command.addAll(SERVER_FLAGS);
        command.add("-Xmx$(MEMORY_LIMIT_BYTES)");
        command.addAll(List.of("-cp", serverClasspath(), "dev.marea.server.door.Main"));
        return new Executable(command, List.of(), Map.of("HOST", "127.0.0.1"), true);
    }

    private String serverClasspath() throws IOException {
        var paths = new ArrayList<String>();
        paths.add(directory.resolve("lib/marea-server-" + Version.CURRENT + ".jar").toString());
        var names = Files.readString(directory.resolve("server.classpath")).strip();
        for (var name : names.split(":", -1)) {
            paths.add(directory.resolve(name).toString());
        }
        return String.join(":", paths);
    }
}
