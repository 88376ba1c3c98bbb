package dev.marea.local.node;

import dev.marea.local.objects.Meta;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** What one pod has on disk: {@code pods/<ns>_<pod>_<uid>/}. */
record PodDirectory(Path root) {
    static PodDirectory of(Path home, Meta pod) {
        return new PodDirectory(
                home.resolve("pods").resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid()));
    }

    String uid() {
        var name = String.valueOf(root.getFileName());
        return name.substring(name.lastIndexOf('_') + 1);
    }

    Path volumes() {
        return root.resolve("volumes");
    }

    Path logs(String container) {
        return root.resolve("logs").resolve(container);
    }

    Path log(String container, int restart) {
        return logs(container).resolve(restart + ".log");
    }

    Path tmp() {
        return root.resolve("tmp");
    }

    Path work() {
        return root.resolve("work");
    }

    Path ports() {
        return root.resolve("ports.json");
    }

    Path running() {
        return root.resolve("running");
    }

    Path pid(String container, int restart) {
        return running().resolve(container + "." + restart);
    }

    Path terminationLog(String container) {
        return root.resolve("ended").resolve(container);
    }

    void create() throws IOException {
        for (var directory :
                new Path[] {volumes(), tmp(), work(), running(), root.resolve("ended")}) {
            Files.createDirectories(directory);
        }
    }

    /** Symbolic links are removed, never followed: they may lead to a user's own files. */
    void remove() throws IOException {
        remove(root);
    }

    static void remove(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failed) throws IOException {
                        if (failed != null) {
                            throw failed;
                        }
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
