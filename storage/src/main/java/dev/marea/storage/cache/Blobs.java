package dev.marea.storage.cache;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files by their SHA-256. Nobody writes to one: it is read-only and bears a date by which a change
 * is noticed. Who has a further link to it uses it, so that nothing in use is evicted, and no crash
 * leaves a use behind that is none.
 */
public final class Blobs {
    private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);
    private static final FileTime DATE = FileTime.from(Instant.ofEpochSecond(1_000_000_000));
    private static final Set<PosixFilePermission> READ_ONLY =
            Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.OTHERS_READ);

    private final Path directory;

    Blobs(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    Path path(String sha256) {
        return directory.resolve(sha256);
    }

    /** True if it is there as it was put there; one that somebody wrote to is removed. */
    public boolean intact(String sha256, long size) throws IOException {
        try {
            var is = Files.readAttributes(path(sha256), BasicFileAttributes.class);
            if (is.size() == size && is.lastModifiedTime().equals(DATE)) {
                return true;
            }
            LOG.warn("the cached file {} was changed by somebody; it is brought anew", sha256);
            Files.deleteIfExists(path(sha256));
            return false;
        } catch (NoSuchFileException missing) {
            return false;
        }
    }

    /** Takes a file that is on disk in; its old name keeps it in use until that is removed. */
    void adopt(Path data, String sha256) throws IOException {
        Files.setPosixFilePermissions(data, READ_ONLY);
        Files.setLastModifiedTime(data, DATE);
        try {
            Files.createLink(path(sha256), data);
        } catch (FileAlreadyExistsException known) {
            // The same bytes came from elsewhere.
        }
    }

    /**
     * Gives a blob a further name, which replaces what has it.
     *
     * @throws NoSuchFileException if the blob was evicted meanwhile
     */
    void link(String sha256, Path target) throws IOException {
        var blob = path(sha256);
        try {
            Files.createLink(target, blob);
        } catch (FileAlreadyExistsException old) {
            var fresh = target.resolveSibling("." + UUID.randomUUID() + ".part");
            link(sha256, fresh);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(fresh); // a move onto another link of the same file does nothing
        } catch (NoSuchFileException gone) {
            throw gone;
        } catch (FileSystemException cannot) {
            copy(blob, target); // another disk, or more links than the file system counts
        }
    }

    private static void copy(Path blob, Path target) throws IOException {
        var fresh = target.resolveSibling("." + UUID.randomUUID() + ".part");
        try {
            Files.copy(blob, fresh);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** True if a pod or a fetch has a link to it. */
    boolean used(String sha256) throws IOException {
        try {
            return (int) Files.getAttribute(path(sha256), "unix:nlink") > 1;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
