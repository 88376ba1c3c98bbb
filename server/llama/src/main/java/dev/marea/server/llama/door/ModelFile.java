package dev.marea.server.llama.door;

import dev.marea.server.llama.gguf.GgufFile;
import dev.marea.server.llama.gguf.GgufReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The one model at a path: a GGUF file, or the first of several parts of one.
 *
 * @param bytes of all parts' weights
 */
record ModelFile(Path path, GgufFile head, long bytes) {
    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final int FILES_SEEN_MAX = 10_000;
    private static final int PARTS_MAX = 1_000;

    /** No model at a path, or no good one. */
    static final class NoModel extends Exception {
        private static final long serialVersionUID = 1;

        NoModel(String message) {
            super(message, null, false, false);
        }
    }

    static ModelFile find(Path path) throws NoModel {
        try {
            var file = Files.isDirectory(path) ? only(path) : path;
            if (!Files.isRegularFile(file)) {
                throw new NoModel("there is nothing at " + path);
            }
            var head = GgufReader.read(file);
            return new ModelFile(file, head, head.dataBytes() + otherParts(file, head));
        } catch (IOException bad) {
            throw new NoModel(path + " cannot be read as GGUF: " + bad.getMessage());
        }
    }

    private static Path only(Path directory) throws IOException, NoModel {
        List<Path> found;
        try (var files = Files.list(directory)) {
            found =
                    files.limit(FILES_SEEN_MAX)
                            .filter(file -> name(file).endsWith(".gguf"))
                            .filter(file -> !name(file).startsWith("mmproj"))
                            .filter(ModelFile::isFirstPart)
                            .sorted()
                            .toList();
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (found.isEmpty()) {
            throw new NoModel("there is no file that ends in .gguf in " + directory);
        }
        throw new NoModel(
                "there are %d models in %s (%s); leave one, or name the file"
                        .formatted(
                                found.size(),
                                directory,
                                found.stream()
                                        .limit(5)
                                        .map(ModelFile::name)
                                        .collect(Collectors.joining(", "))));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static boolean isFirstPart(Path file) {
        var part = PART.matcher(name(file));
        return !part.matches() || Integer.parseInt(part.group(2)) == 1;
    }

    private static long otherParts(Path file, GgufFile head) throws IOException, NoModel {
        long parts = head.whole("split.count").orElse(1);
        var part = PART.matcher(name(file));
        if (parts <= 1) {
            return 0;
        }
        if (parts > PARTS_MAX || !part.matches()) {
            throw new NoModel(
                    "%s is one of %d parts, whose names end in -00001-of-%05d.gguf"
                            .formatted(file, parts, parts));
        }
        long bytes = 0;
        for (int i = 2; i <= parts; i++) {
            var other =
                    file.resolveSibling(
                            "%s-%05d-of-%s.gguf".formatted(part.group(1), i, part.group(3)));
            if (!Files.isRegularFile(other)) {
                throw new NoModel("the part " + name(other) + " is missing");
            }
            bytes += GgufReader.read(other).dataBytes();
        }
        return bytes;
    }
}
