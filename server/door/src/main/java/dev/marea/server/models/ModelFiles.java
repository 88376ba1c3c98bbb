package dev.marea.server.models;

import dev.marea.server.config.ConfigFile;
import dev.marea.server.config.ModelConfig;
import dev.marea.server.models.Found.FoundVersion;
import dev.marea.server.runtime.LoadFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the versions in a model's directory: Triton's numbered subdirectories, or the directory
 * itself as version 1.
 */
final class ModelFiles {
    static final String FIRST_VERSION = "1";

    private static final int FILES_MAX = 10_000;
    private static final int DEPTH_MAX = 8;

    /** Longer numbers are no versions, but somebody's dates or hashes. */
    private static final int DIGITS_MAX = 18;

    private ModelFiles() {}

    /**
     * @param named the format that somebody named; empty: the configuration may name it
     */
    static Found in(String name, Path directory, Optional<String> named) throws LoadFailure {
        var config = ConfigFile.in(directory);
        var format = named.isPresent() ? named : Formats.of(config);
        return Found.of(name, format, config, versions(directory, config));
    }

    private static List<FoundVersion> versions(Path directory, ModelConfig config)
            throws LoadFailure {
        var numbered = numbered(directory);
        if (numbered.isEmpty()) {
            return List.of(version(FIRST_VERSION, directory));
        }
        var found = new ArrayList<FoundVersion>();
        for (long number : config.versions().choose(numbered)) {
            found.add(version(Long.toString(number), directory.resolve(Long.toString(number))));
        }
        if (found.isEmpty()) {
            throw new LoadFailure(
                    directory,
                    "has the versions %s, of which %s are to be served"
                            .formatted(numbered, config.versions()),
                    "mend version_policy in " + ConfigFile.NAME);
        }
        return found;
    }

    /** Newest first. A directory 007 is none: it could not be asked for by its number. */
    private static List<Long> numbered(Path directory) throws LoadFailure {
        try (var entries = Files.list(directory)) {
            return entries.limit(FILES_MAX)
                    .filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .filter(ModelFiles::isNumber)
                    .map(Long::valueOf)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException | UncheckedIOException bad) {
            throw unreadable(directory, bad);
        }
    }

    private static boolean isNumber(String name) {
        boolean digits =
                !name.isEmpty()
                        && name.length() <= DIGITS_MAX
                        && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && (name.length() == 1 || name.charAt(0) != '0');
    }

    static FoundVersion version(String number, Path path) throws LoadFailure {
        long stamp = 0;
        long bytes = 0;
        try (var files =
                Files.find(path, DEPTH_MAX, (_, about) -> about.isRegularFile()).limit(FILES_MAX)) {
            for (var file : (Iterable<Path>) files::iterator) {
                var about = Files.readAttributes(file, BasicFileAttributes.class);
                stamp += stamp(path.relativize(file), about); // in any order
                bytes += about.size();
            }
        } catch (IOException | UncheckedIOException bad) {
            throw unreadable(path, bad);
        }
        return new FoundVersion(number, path, stamp, bytes);
    }

    private static long stamp(Path file, BasicFileAttributes about) {
        long mixed = file.toString().hashCode();
        mixed = mixed * 0x9E37_79B9_7F4A_7C15L + about.size();
        mixed = mixed * 0x9E37_79B9_7F4A_7C15L + about.lastModifiedTime().toMillis();
        return mixed ^ (mixed >>> 29);
    }

    private static LoadFailure unreadable(Path path, Exception bad) {
        return new LoadFailure(path, "cannot be listed: " + bad, "check its permissions")
                .causedBy(bad);
    }
}
