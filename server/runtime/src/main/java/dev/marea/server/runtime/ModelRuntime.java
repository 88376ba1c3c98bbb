package dev.marea.server.runtime;

import java.nio.file.Path;
import java.util.List;

/**
 * One model format. Making one costs nothing: libraries and natives are touched by the first {@link
 * #load}.
 */
public interface ModelRuntime {
    /** The format's name in a manifest, for example {@code sklearn}. */
    String format();

    /** Endings of its files, with the dot, lower case. */
    List<String> endings();

    /** Whether files of these endings are left alone unless the caller names the format. */
    default boolean onlyWhenNamed() {
        return false;
    }

    /**
     * Whether a file with one of our endings looks like ours by its first bytes. Asked only where
     * several files or formats might be meant: {@code .txt} is also a note's ending, and {@code
     * .bst} that of two formats. Does not throw; a file that cannot be read looks like nothing.
     */
    default boolean recognizes(Path file) {
        return true;
    }

    /** Loads one file, whose ending is ours or whose format was named by the caller. */
    LoadedModel load(Path file) throws LoadFailure;
}
