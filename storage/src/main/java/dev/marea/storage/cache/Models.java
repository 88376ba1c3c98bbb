package dev.marea.storage.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The manifests of what was fetched: when each was used last, and whether it is pinned. */
final class Models {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);
    private static final String SUFFIX = ".model";
    private static final String PIN = ".pin";

    private final Path directory;
    private final Clock clock;

    Models(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** One model of the cache. */
    record Known(String key, Manifest manifest, Instant used, boolean pinned) {}

    Optional<Manifest> find(String key) throws IOException {
        try {
            return Optional.of(Manifest.read(file(key)));
        } catch (NoSuchFileException unknown) {
            return Optional.empty();
        }
    }

    void put(String key, Manifest manifest) throws IOException {
        Disk.publish(file(key), manifest.text());
    }

    /** Notes a use, for who is evicted first. */
    void touch(String key) throws IOException {
        try {
            Files.setLastModifiedTime(file(key), FileTime.from(clock.instant()));
        } catch (NoSuchFileException evicted) {
            // whoever evicts it looks for uses first
        }
    }

    void pin(String key, boolean pinned) throws IOException {
        var pin = directory.resolve(key + PIN);
        if (pinned) {
            Disk.publish(pin, "");
        } else {
            Files.deleteIfExists(pin);
        }
    }

    void remove(String key) throws IOException {
        Files.deleteIfExists(file(key));
        Files.deleteIfExists(directory.resolve(key + PIN));
    }

    List<Known> all() throws IOException {
        var known = new ArrayList<Known>();
        for (var file : Disk.list(directory)) {
            var name = file.getFileName().toString();
            if (!name.endsWith(SUFFIX)) {
                continue;
            }
            var key = name.substring(0, name.length() - SUFFIX.length());
            try {
                known.add(
                        new Known(
                                key,
                                Manifest.read(file),
                                Files.getLastModifiedTime(file).toInstant(),
                                Files.exists(directory.resolve(key + PIN))));
            } catch (NoSuchFileException gone) {
                // evicted while we looked
            } catch (IOException damaged) {
                LOG.warn("{}: it is forgotten", damaged.getMessage());
                remove(key);
            }
        }
        return known;
    }

    private Path file(String key) {
        return directory.resolve(key + SUFFIX);
    }
}
