package dev.marea.server.models;

import dev.marea.server.config.ModelConfig;
import dev.marea.server.runtime.LoadFailure;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * The one model that a server was started with: a file, or a directory with or without versions.
 */
record OneModel(ModelSettings settings) implements Source {
    @Override
    public List<Found> all() throws LoadFailure {
        var path = settings.model();
        if (Files.isDirectory(path)) {
            return List.of(ModelFiles.in(settings.name(), path, settings.format()));
        }
        var version =
                Files.exists(path)
                        ? ModelFiles.version(ModelFiles.FIRST_VERSION, path)
                        : new Found.FoundVersion(ModelFiles.FIRST_VERSION, path, 0, 0);
        return List.of(
                Found.of(settings.name(), settings.format(), ModelConfig.PLAIN, List.of(version)));
    }

    @Override
    public Optional<Found> named(String name) throws LoadFailure {
        return name.equals(settings.name()) ? Optional.of(all().getFirst()) : Optional.empty();
    }
}
