package dev.marea.local.node;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a container's mount paths really are. A process of this machine has no mounts of its own,
 * so a mount path that begins a path in its command, args, env or probes is replaced.
 */
record MountTable(List<Mount> mounts) {
    /** One volumeMount: {@code /mnt/models} is really this directory or file. */
    record Mount(String path, Path real) {
        Mount {
            path =
                    path.length() > 1 && path.endsWith("/")
                            ? path.substring(0, path.length() - 1)
                            : path;
        }
    }

    MountTable {
        mounts =
                mounts.stream()
                        .filter(mount -> mount.path().length() > 1)
                        .sorted(Comparator.comparingInt((Mount m) -> m.path().length()).reversed())
                        .toList();
    }

    String apply(String text) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            var mount = text.charAt(i) == '/' && begins(text, i) ? at(text, i) : null;
            if (mount == null) {
                out.append(text.charAt(i++));
            } else {
                out.append(mount.real());
                i += mount.path().length();
            }
        }
        return out.toString();
    }

    private @Nullable Mount at(String text, int i) {
        for (var mount : mounts) {
            if (text.startsWith(mount.path(), i) && ends(text, i + mount.path().length())) {
                return mount;
            }
        }
        return null;
    }

    /** A path begins after anything that could not be part of a longer one, or after a scheme. */
    private static boolean begins(String text, int i) {
        return i == 0 || !inPath(text.charAt(i - 1)) || text.startsWith("://", i - 3);
    }

    private static boolean ends(String text, int i) {
        return i == text.length() || text.charAt(i) == '/' || !inPath(text.charAt(i));
    }

    private static boolean inPath(char c) {
        return Character.isLetterOrDigit(c) || "/._-~+@%".indexOf(c) >= 0;
    }
}
