package dev.marea.app.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The models on disk. Each lies whole in a hidden directory that bears its name and a digest of
 * where it came from; a link of its name says which is served. So a model is exchanged by one
 * rename, and after a restart nothing is fetched that is there.
 */
record Repository(Path root) {
    /** A place for files that are still being fetched; what an earlier attempt left is removed. */
    Path fresh(String name) throws IOException {
        var fresh = root.resolve(".fetching." + name);
        remove(fresh);
        return fresh;
    }

    /** What was fetched is whole. */
    void keep(Path fresh, String name, String digest) throws IOException {
        Files.move(fresh, directory(name, digest), StandardCopyOption.ATOMIC_MOVE);
    }

    boolean has(String name, String digest) {
        return Files.isDirectory(directory(name, digest));
    }

    /** The digest of what is served under this name. */
    Optional<String> current(String name) throws IOException {
        var link = root.resolve(name);
        if (!Files.isSymbolicLink(link)) {
            return Optional.empty();
        }
        var target = Files.readSymbolicLink(link).toString();
        return target.startsWith(prefix(name))
                ? Optional.of(target.substring(prefix(name).length()))
                : Optional.empty();
    }

    /** From now on this is served under the name, once the server is asked to load it. */
    void point(String name, String digest) throws IOException {
        var link = root.resolve(".pointing." + name);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(prefix(name) + digest));
        Files.move(
                link,
                root.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what bears this name and none of these digests. */
    void sweep(String name, Set<String> kept) throws IOException {
        for (var entry : entries()) {
            var file = String.valueOf(entry.getFileName());
            if (isOf(file, name) && !kept.contains(file.substring(prefix(name).length()))) {
                remove(entry);
            }
        }
    }

    void remove(String name) throws IOException {
        if (Files.isSymbolicLink(root.resolve(name))) {
            Files.delete(root.resolve(name));
        }
        remove(root.resolve(".fetching." + name));
        sweep(name, Set.of());
    }

    /** The names that are served. */
    Set<String> names() throws IOException {
        var names = new TreeSet<String>();
        for (var entry : entries()) {
            var name = String.valueOf(entry.getFileName());
            if (!name.startsWith(".") && Files.isSymbolicLink(entry)) {
                names.add(name);
            }
        }
        return names;
    }

    private List<Path> entries() throws IOException {
        try (var entries = Files.list(root)) {
            return entries.toList();
        }
    }

    private Path directory(String name, String digest) {
        return root.resolve(prefix(name) + digest);
    }

    private static String prefix(String name) {
        return "." + name + ".";
    }

    /** No name has a dot in it, so that of another model cannot begin like this. */
    private static boolean isOf(String file, String name) {
        return file.startsWith(prefix(name)) && file.indexOf('.', prefix(name).length()) < 0;
    }

    private static void remove(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var tree = Files.walk(path)) {
            for (var file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
