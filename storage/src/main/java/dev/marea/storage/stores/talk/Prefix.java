package dev.marea.storage.stores.talk;

import java.util.Optional;

/**
 * What {@code bucket/models/iris} means in a store that has keys and no directories: the object of
 * that very name, or all whose names begin with {@code models/iris/}. Never {@code models/iris-v2}.
 */
public record Prefix(String name) {
    public Prefix {
        name = name.startsWith("/") ? name.substring(1) : name;
    }

    /** Ends in a slash, or is the whole bucket: nothing can have that very name. */
    public boolean directoryOnly() {
        return name.isEmpty() || name.endsWith("/");
    }

    /** The prefix to list by. */
    public String directory() {
        return directoryOnly() ? name : name + "/";
    }

    /**
     * The path of a key below the directory; empty for the directory's own marker and for markers
     * of directories below it, which hold nothing.
     */
    public Optional<String> below(String key) {
        var directory = directory();
        if (!key.startsWith(directory) || key.length() == directory.length()) {
            return Optional.empty();
        }
        var path = key.substring(directory.length());
        return path.endsWith("/") ? Optional.empty() : Optional.of(path);
    }

    /** The last name, under which a single object is kept. */
    public String fileName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
