package dev.marea.server.models;

import dev.marea.server.runtime.LoadFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A directory of models, as Triton has them ({@code model/1/model.onnx}, {@code
 * model/config.pbtxt}), or as KServe's agent puts them ({@code model/model.pkl}). Names with a dot
 * in front are somebody's own: half-made copies, a ConfigMap's links.
 */
record RepositoryDirectory(Path directory) implements Source {
    private static final int MODELS_MAX = 10_000;

    @Override
    public List<Found> all() throws LoadFailure {
        var found = new ArrayList<Found>();
        for (var name : names()) {
            named(name).ifPresent(found::add);
        }
        return found;
    }

    private List<String> names() throws LoadFailure {
        try (var entries = Files.list(directory)) {
            return entries.limit(MODELS_MAX)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException bad) {
            throw new LoadFailure(
                            directory,
                            "the model repository cannot be listed: " + bad,
                            "name a directory that can be read")
                    .causedBy(bad);
        }
    }

    /** Empty where no such directory is, or it holds nothing yet. */
    @Override
    public Optional<Found> named(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\0")) {
            return Optional.empty();
        }
        var path = directory.resolve(name);
        if (!Files.isDirectory(path) || isEmpty(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ModelFiles.in(name, real(path), Optional.empty()));
        } catch (LoadFailure failure) {
            return Optional.of(Found.troubled(name, failure));
        }
    }

    /** A link that leads elsewhere makes another model, whatever lies there. */
    private static Path real(Path path) throws LoadFailure {
        try {
            return path.toRealPath();
        } catch (IOException bad) {
            throw new LoadFailure(path, "cannot be followed: " + bad, "mend the link")
                    .causedBy(bad);
        }
    }

    private static boolean isEmpty(Path path) {
        try (var entries = Files.list(path)) {
            return entries.findFirst().isEmpty();
        } catch (IOException _) {
            return false; // what is wrong with it is told by who reads it
        }
    }
}
