package dev.marea.server.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Picks the runtime for a path by the files that lie there, and loads exactly one model. */
public final class Runtimes {
    private static final int FILES_SEEN_MAX = 10_000;

    private final List<ModelRuntime> runtimes;

    public Runtimes(List<ModelRuntime> runtimes) {
        this.runtimes = List.copyOf(runtimes);
    }

    /** Loads the one model file at a path (a file or a directory) of whatever format it has. */
    public LoadedModel load(Path path) throws LoadFailure {
        return loadWith(runtimes.stream().filter(r -> !r.onlyWhenNamed()).toList(), path);
    }

    /** As {@link #load(Path)}, for a format that the manifest names. */
    public LoadedModel load(Path path, String format) throws LoadFailure {
        var wanted = runtimes.stream().filter(r -> r.format().equals(format)).toList();
        if (wanted.isEmpty()) {
            throw new LoadFailure(
                    path,
                    "no runtime here reads the format '" + format + "'",
                    "use one of "
                            + runtimes.stream()
                                    .map(ModelRuntime::format)
                                    .collect(Collectors.joining(", ")));
        }
        // A file that the manifest points at may have any name: the format says how to read it.
        return wanted.size() == 1 && Files.isRegularFile(path)
                ? wanted.getFirst().load(path)
                : loadWith(wanted, path);
    }

    private static LoadedModel loadWith(List<ModelRuntime> runtimes, Path path) throws LoadFailure {
        var found = candidates(runtimes, path);
        return switch (found.size()) {
            case 0 ->
                    throw new LoadFailure(
                            path,
                            Files.exists(path)
                                    ? "no model file found" + seen(path)
                                    : "there is nothing at this path",
                            "put exactly one file here that ends in " + endings(runtimes));
            case 1 -> found.getFirst().load();
            default ->
                    throw new LoadFailure(
                            path,
                            "found %d model files where one is needed: %s"
                                    .formatted(found.size(), names(found)),
                            "leave one, or point storageUri at the one to serve");
        };
    }

    private record Candidate(ModelRuntime runtime, Path file) {
        LoadedModel load() throws LoadFailure {
            return runtime.load(file);
        }

        boolean isRecognized() {
            return runtime.recognizes(file);
        }
    }

    private static List<Candidate> candidates(List<ModelRuntime> runtimes, Path path)
            throws LoadFailure {
        var found = new ArrayList<Candidate>();
        for (var file : filesAt(path)) {
            var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            for (var runtime : runtimes) {
                if (runtime.endings().stream().anyMatch(name::endsWith)) {
                    found.add(new Candidate(runtime, file));
                }
            }
        }
        return found.size() > 1 ? recognized(found) : found;
    }

    /** A note beside the model is no second model. One that nobody recognizes is still named. */
    private static List<Candidate> recognized(List<Candidate> found) {
        var recognized = found.stream().filter(Candidate::isRecognized).toList();
        return recognized.isEmpty() ? found : recognized;
    }

    private static List<Path> filesAt(Path path) throws LoadFailure {
        if (!Files.isDirectory(path)) {
            return Files.isRegularFile(path) ? List.of(path) : List.of();
        }
        try (var files = Files.list(path)) {
            return files.limit(FILES_SEEN_MAX)
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new LoadFailure(path, "cannot be listed: " + unreadable, "check its permissions")
                    .causedBy(unreadable);
        }
    }

    private static String seen(Path path) throws LoadFailure {
        var names = filesAt(path).stream().limit(5).map(f -> f.getFileName().toString()).toList();
        return names.isEmpty() ? " (no files at all)" : " among " + String.join(", ", names);
    }

    private static String names(List<Candidate> found) {
        return found.stream()
                .limit(5)
                .map(candidate -> candidate.file().getFileName().toString())
                .collect(Collectors.joining(", "));
    }

    private static String endings(List<ModelRuntime> runtimes) {
        return runtimes.stream()
                .flatMap(runtime -> runtime.endings().stream())
                .collect(Collectors.joining(", "));
    }
}
