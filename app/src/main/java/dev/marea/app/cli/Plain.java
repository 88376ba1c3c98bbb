package dev.marea.app.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** What went wrong in words for a person: the file system's own messages are often a bare path. */
final class Plain {
    private Plain() {}

    static String words(Exception failure) {
        return switch (failure) {
            case NoSuchFileException gone -> "there is no file " + gone.getFile();
            case AccessDeniedException denied ->
                    "no permission to read or write " + denied.getFile();
            case FileAlreadyExistsException other ->
                    other.getFile() + " is in the way: it is no directory";
            case FileSystemException other ->
                    other.getFile()
                            + ": "
                            + Optional.ofNullable(other.getReason()).orElse("failed");
            default -> Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
        };
    }
}
