package dev.marea.app.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory that holds everything one platform keeps; two homes are two independent platforms.
 */
public record Home(Path directory) {
    public Home {
        directory = directory.toAbsolutePath().normalize();
    }

    public Path config() {
        return directory.resolve("config.yaml");
    }

    public Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    public Path lock() {
        return directory.resolve("lock");
    }

    public Path run() {
        return directory.resolve("run.json");
    }

    /** Models that were fetched, shared by all replicas of this node. */
    public Path cache() {
        return directory.resolve("cache");
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    public Path platformLog() {
        return logs().resolve("marea.log");
    }

    public Path accessLog() {
        return logs().resolve("access.jsonl");
    }

    /** Makes the home, readable by its owner alone: it holds keys and Secrets. */
    public void prepare() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        Files.createDirectories(logs());
    }
}
