package dev.marea.local.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Files that change together: a reader sees all of the old ones or all of the new ones, because
 * what changes is one symbolic link, {@code ..data}.
 */
final class Projection {
    private static final String DATA = "..data";

    private Projection() {}

    record Content(byte[] bytes, int mode) {
        boolean same(Path file) throws IOException {
            return Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), bytes);
        }
    }

    /** Makes the directory hold just these files; does nothing if it does already. */
    static void write(Path directory, Map<String, Content> files) throws IOException {
        Files.createDirectories(directory);
        var data = directory.resolve(DATA);
        if (holds(data, files)) {
            return;
        }
        var old = target(data);
        var next = Files.createTempDirectory(directory, "..");
        Files.setPosixFilePermissions(next, permissions(0755));
        for (var file : files.entrySet()) {
            var path = next.resolve(file.getKey());
            Files.createDirectories(Optional.ofNullable(path.getParent()).orElse(next));
            Files.write(path, file.getValue().bytes());
            Files.setPosixFilePermissions(path, permissions(file.getValue().mode()));
        }
        swap(directory, data, next);
        link(directory, files.keySet());
        if (old.isPresent()) {
            PodDirectory.remove(old.get());
        }
    }

    private static boolean holds(Path data, Map<String, Content> files) throws IOException {
        if (!Files.isDirectory(data)) {
            return false;
        }
        var there = new TreeMap<String, Path>();
        var real = data.toRealPath();
        try (var walk = Files.walk(real)) {
            walk.filter(Files::isRegularFile)
                    .forEach(file -> there.put(real.relativize(file).toString(), file));
        }
        if (!there.keySet().equals(files.keySet())) {
            return false;
        }
        for (var file : files.entrySet()) {
            if (!file.getValue().same(real.resolve(file.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Path> target(Path link) throws IOException {
        return Files.isSymbolicLink(link)
                ? Optional.of(link.resolveSibling(Files.readSymbolicLink(link)))
                : Optional.empty();
    }

    private static void swap(Path directory, Path data, Path next) throws IOException {
        var fresh = directory.resolve("..data_new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, directory.relativize(next));
        Files.move(
                fresh, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void link(Path directory, Set<String> files) throws IOException {
        var wanted =
                files.stream()
                        .map(file -> file.split("/", 2)[0])
                        .collect(Collectors.toCollection(TreeSet::new));
        for (var name : wanted) {
            var link = directory.resolve(name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (var entries = Files.list(directory)) {
            for (var entry : entries.toList()) {
                var name = String.valueOf(entry.getFileName());
                if (!name.startsWith("..") && !wanted.contains(name)) {
                    Files.delete(entry);
                }
            }
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        var set = EnumSet.noneOf(PosixFilePermission.class);
        var all = PosixFilePermission.values(); // OWNER_READ first, OTHERS_EXECUTE last
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                set.add(all[bit]);
            }
        }
        return set;
    }
}
