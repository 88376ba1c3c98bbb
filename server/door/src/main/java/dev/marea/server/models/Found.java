package dev.marea.server.models;

import dev.marea.server.config.ModelConfig;
import dev.marea.server.runtime.LoadFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model as it lies in its directory. Two are equal when nothing there has changed.
 *
 * @param format that its files have; empty: found by the files
 * @param versions the ones to serve, newest first
 * @param trouble why it cannot be served at all
 */
record Found(
        String name,
        Optional<String> format,
        ModelConfig config,
        List<FoundVersion> versions,
        Optional<String> trouble) {
    /**
     * @param path what is loaded, a file or a directory
     * @param stamp changes with any file there
     * @param fileBytes of all its files
     */
    record FoundVersion(String number, Path path, long stamp, long fileBytes) {}

    Found {
        versions = List.copyOf(versions);
    }

    static Found of(
            String name, Optional<String> format, ModelConfig config, List<FoundVersion> versions) {
        return new Found(name, format, config, versions, Optional.empty());
    }

    static Found troubled(String name, LoadFailure failure) {
        return new Found(
                name,
                Optional.empty(),
                ModelConfig.PLAIN,
                List.of(),
                Optional.of(String.valueOf(failure.getMessage())));
    }
}
