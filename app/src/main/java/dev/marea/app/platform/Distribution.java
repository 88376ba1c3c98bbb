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
 * the model server, {@code server.options} for its JVM, and the AOT caches that make both start
 * fast.
 */
public record Distribution(Path directory) {
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
        command.addAll(serverOptions());
        command.add("-Xmx$(MEMORY_LIMIT_BYTES)");
        command.addAll(List.of("-cp", serverClasspath(), "dev.marea.server.door.Main"));
        return new Executable(command, List.of(), Map.of("HOST", "127.0.0.1"), true);
    }

    // A file, because images start the server with it too, where no Java code puts flags together.
    private List<String> serverOptions() throws IOException {
        try (var lines = Files.lines(directory.resolve("server.options"))) {
            return lines.filter(line -> !line.startsWith("#")).toList();
        }
    }

    private String serverClasspath() throws IOException {
        var paths = new ArrayList<String>();
        for (var own : List.of("marea-server-", "marea-server-llama-")) {
            paths.add(directory.resolve("lib/" + own + Version.CURRENT + ".jar").toString());
        }
        var names = Files.readString(directory.resolve("server.classpath")).strip();
        for (var name : names.split(":", -1)) {
            paths.add(directory.resolve(name).toString());
        }
        return String.join(":", paths);
    }
}
