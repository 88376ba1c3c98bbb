package dev.marea.app.platform;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The built product on disk: {@code lib/} with the jars, {@code server.classpath} naming those of
 * the model server, and the AOT caches that make both start fast.
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

    /** The command that starts a model server; {@code flags} go to its JVM. */
    public List<String> server(List<String> flags) throws IOException {
        var command = new ArrayList<String>();
        command.add(java().toString());
        command.addAll(flags);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=4",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        serverClasspath(),
                        "dev.marea.server.Main"));
        return List.copyOf(command);
    }

    private String serverClasspath() throws IOException {
        var paths = new ArrayList<String>();
        paths.add(directory.resolve("lib/marea-server-" + Version.CURRENT + ".jar").toString());
        for (var name :
                Files.readString(directory.resolve("server.classpath")).strip().split(":")) {
            paths.add(directory.resolve(name).toString());
        }
        return String.join(":", paths);
    }
}
