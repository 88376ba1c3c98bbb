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

    /** Loads one file, whose ending is ours or whose format was named by the caller. */
    LoadedModel load(Path file) throws LoadFailure;
}
