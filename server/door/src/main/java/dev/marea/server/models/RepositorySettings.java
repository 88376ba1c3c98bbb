package dev.marea.server.models;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A directory of models, one subdirectory each.
 *
 * @param watched whether what is put there is served, and what changes is exchanged; else a model
 *     is served once it was asked to be loaded
 * @param atStart models that must be loaded before this server is ready, and end it if they cannot;
 *     the one name {@code *} stands for as many as memory takes, and ends nothing
 * @param every the time between two looks; a change is taken up when two looks found it the same,
 *     so that a copy that is still being made is not
 */
public record RepositorySettings(
        Path directory, boolean watched, List<String> atStart, Duration every) {
    static final String ALL = "*";

    public RepositorySettings {
        atStart = List.copyOf(atStart);
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException(
                    "the time between two looks must be positive, was " + every);
        }
    }

    boolean wantsAll() {
        return atStart.contains(ALL);
    }
}
