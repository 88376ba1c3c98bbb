package dev.marea.app.agent;

import dev.marea.storage.Fetched;
import dev.marea.storage.Storage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model server's repository, one directory a model. What is the agent's own stands under {@code
 * .agent}, which a server does not look at: what is being fetched, what was served before, and
 * where each model came from.
 */
record ModelDirectory(Path root, Storage storage) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final int MODELS_MAX = 10_000;

    /** Whether a model may be called so; the name becomes a path. */
    static boolean takes(String name) {
        return NAME.matcher(name).matches();
    }

    /** The models that are there, whole or not. */
    List<String> names() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (var entries = Files.list(root)) {
            return entries.limit(MODELS_MAX)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .filter(ModelDirectory::takes)
                    .toList();
        }
    }

    /** Where a model that is there and whole came from. */
    Optional<String> source(String name) throws IOException {
        var file = own("sources", name);
        return Files.isRegularFile(file) && Files.isDirectory(root.resolve(name))
                ? Optional.of(Files.readString(file))
                : Optional.empty();
    }

    /** Fetches to the side. */
    Fetched fetch(String name, String source) throws IOException, InterruptedException {
        delete(own("next", name));
        return storage.fetch(source, own("next", name));
    }

    /** What was fetched takes the model's place; what was there is kept. */
    void exchange(String name) throws IOException {
        forget(name);
        delete(own("before", name));
        var place = root.resolve(name);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            move(place, own("before", name));
        }
        move(own("next", name), place);
    }

    /** Puts back what was there before; false if there was nothing. */
    boolean back(String name) throws IOException {
        var before = own("before", name);
        if (!Files.isDirectory(before)) {
            return false;
        }
        delete(root.resolve(name));
        move(before, root.resolve(name));
        return true;
    }

    /** What is there stays. */
    void settle(String name, String source) throws IOException {
        var file = own("sources", name);
        Files.createDirectories(own("sources", ""));
        Files.writeString(file, source);
        delete(own("before", name));
    }

    void forget(String name) throws IOException {
        Files.deleteIfExists(own("sources", name));
    }

    void remove(String name) throws IOException {
        forget(name);
        for (var path : List.of(root.resolve(name), own("before", name), own("next", name))) {
            delete(path);
        }
    }

    private Path own(String what, String name) {
        return root.resolve(".agent").resolve(what).resolve(name);
    }

    private static void move(Path from, Path to) throws IOException {
        var parent = to.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.move(from, to);
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failed) throws IOException {
                        if (failed != null) {
                            throw failed;
                        }
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
